const maxQuotedLength = 80;
const maxListed = 20;

/** A foreign text as it may stand in a message: in quotes, on one line, and not endless. */
export function quote(text: string): string {
  return JSON.stringify(text.length > maxQuotedLength ? `${text.slice(0, maxQuotedLength)}…` : text);
}

/** Foreign names as they may stand in a message: quoted, the first ones, and how many more there are. */
export function quoteAll(names: readonly string[], limit = maxListed): string {
  const shown = names.slice(0, limit).map(quote).join(", ");
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}
