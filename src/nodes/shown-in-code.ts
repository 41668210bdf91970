/**
 * A line of JSON and plain names as Markdown shows it letter by letter. Backticks, and blanks that would run together,
 * stand between quotes there, and so can be written out.
 */
export function toCode(line: string): string {
  return `\`${line.replaceAll("`", "\\u0060").replaceAll(/(?<= ) /g, "\\u0020")}\``;
}
