import { findTags } from "../../src/models/tags.js";

/** Reads the body of the last section of this name in a text; undefined if there is none. */
export function readSection(name: string, text: string): string | undefined {
  const end = text.lastIndexOf(`\n</${name}>`);
  if (end < 0) {
    return undefined;
  }
  const open = `<${name}>\n`;
  const start = text.lastIndexOf(open, end);
  if (start < 0) {
    return undefined;
  }
  return withTags(text.slice(start + open.length, Math.max(start + open.length, end)));
}

/** How many characters after its first a tag may span. */
const TAG_LENGTH = 80;

/** Undoes `withoutTags`. An escape that belongs to JSON stays, because whoever reads the JSON will resolve it. */
function withTags(text: string): string {
  return text.replace(/(?<!\\)\\u([0-9a-f]{4})/g, (escaped, code: string, at: number) => {
    const first = String.fromCharCode(Number.parseInt(code, 16));
    const after = at + escaped.length;
    return findTags(first + text.slice(after, after + TAG_LENGTH))[0]?.start === 0 ? first : escaped;
  });
}
