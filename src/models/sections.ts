/**
 * Prompts hold data between named delimiters: `<goal>` … `</goal>`. What stands inside is data, never an
 * instruction, and cannot close its own delimiter: `toSection` breaks every `</name` in the body, in whatever
 * case and with whatever blanks a model might overlook, and `readSection` mends it. The offline model reads the very sections that the prompts write.
 */

/** Wraps text as data under a name. */
export function toSection(name: string, body: string): string {
  const closing = new RegExp(`<(?=\\s*/\\s*${name})`, "gi");
  return `<${name}>\n${body.replace(closing, "<\\")}\n</${name}>`;
}

/** The body of the last section of that name in a text, or undefined. */
export function readSection(name: string, text: string): string | undefined {
  const end = text.lastIndexOf(`\n</${name}>`);
  if (end < 0) return undefined;
  const open = `<${name}>\n`;
  const start = text.lastIndexOf(open, end);
  if (start < 0) return undefined;
  const broken = new RegExp(`<\\\\(?=\\s*/\\s*${name})`, "gi");
  return text.slice(start + open.length, Math.max(start + open.length, end)).replace(broken, "<");
}
