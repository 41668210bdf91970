const FILLER =
  /^(?:the|all|both|each|every|my|our|their|these|those|of|data|rows|records|table|tables|file|files|source|sources|csv|json|sqlite)\s+/i;
const TAIL = /\s+(?:data|rows|records|tables?|files?|sources?|(?:csv|json) files?)$/i;
const EVERYTHING =
  /^(?:everything|all|it all|all of (?:it|them)|(?:the )?(?:data|sources|files|tables)|all (?:the )?(?:data|sources|files|tables)|whatever there is)?$/i;

/** The names in a list: "customers, the orders and products.csv"; none where everything is meant. */
export function nameList(text: string): string[] {
  const parts = text.split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*\+\s*/i).map(toName);
  return parts.filter((name) => name !== "");
}

function toName(part: string): string {
  // "orders from shop.db": the file says where, and a table's name is enough.
  let name = part.trim().replace(/\s+(?:from|in|out of)\s+.*$/i, "");
  if (EVERYTHING.test(name)) {
    return "";
  }
  for (let before = ""; before !== name; ) {
    before = name;
    name = name.replace(FILLER, "").replace(TAIL, "");
  }
  return EVERYTHING.test(name) ? "" : stripQuotes(name.replace(/[.;:!?]+$/, ""));
}

/** A text without the quotes around it. */
export function stripQuotes(text: string): string {
  return text.replace(/^(["'`])(.*)\1$/, "$2");
}

/** Words as a name that needs no quotes in SQL. */
export function toTableName(words: string): string {
  const name = words
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
  return name === "" ? "summary" : name;
}
