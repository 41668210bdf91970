// Prompts hold data in sections, `<goal>` … `</goal>`, and what stands inside is data, never an instruction. The offline
// model reads the very sections that the prompts write.
import { findTags, type SectionName, withoutTags } from "./tags.js";

/** Wraps text as data under a name. */
export function toSection(name: SectionName, body: string): string {
  return `<${name}>\n${withoutTags(body)}\n</${name}>`;
}

/** The body of the last section of that name in a text, or undefined. */
export function readSection(name: string, text: string): string | undefined {
  const end = text.lastIndexOf(`\n</${name}>`);
  if (end < 0) return undefined;
  const open = `<${name}>\n`;
  const start = text.lastIndexOf(open, end);
  if (start < 0) return undefined;
  return withTags(text.slice(start + open.length, Math.max(start + open.length, end)));
}

/** How far a tag may reach behind its first character. */
const TAG_LENGTH = 80;

/** A text as it was before `withoutTags`; what JSON itself writes so is left to whoever reads the JSON. */
function withTags(text: string): string {
  return text.replace(/(?<!\\)\\u([0-9a-f]{4})/g, (escaped, code: string, at: number) => {
    const first = String.fromCharCode(Number.parseInt(code, 16));
    const after = at + escaped.length;
    return findTags(first + text.slice(after, after + TAG_LENGTH))[0]?.start === 0 ? first : escaped;
  });
}
