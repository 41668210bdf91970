/** How models put blanks into JSON: none, as OpenAI's do, or one after each colon and comma. */
export type Spacing = "tight" | "blanks";

/** A value as JSON, either without blanks or with one after each colon and comma. */
export function toJsonText(value: unknown, spacing: Spacing): string {
  const blank = spacing === "blanks" ? " " : "";
  if (Array.isArray(value)) {
    return `[${value.map((item) => toJsonText(item, spacing)).join(`,${blank}`)}]`;
  }
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}:${blank}${toJsonText(field, spacing)}`,
  );
  return `{${fields.join(`,${blank}`)}}`;
}
