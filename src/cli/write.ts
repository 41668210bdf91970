import { toVisible, toVisibleJson } from "../base/index.js";
import type { OutputStream } from "./surroundings.js";

// What models, tools and files say must not be able to move the cursor, change the title, or hide or turn around what
// stands there. What is decided on, and JSON, has them written out instead (`base/visible-text.ts`).

/** Characters that a terminal acts upon, or that nobody sees; line ends and tabs are not among them. */
const CONTROL = String.raw`[^\P{Cc}\n\t]|[\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]`;
/** Without these, emoji fall apart and Persian and Hindi are misspelt. Latin letters have no use for them. */
const JOINER = String.raw`(?<=^|[^\u0000-\u02ff\u200c\u200d])[\u200c\u200d\ufe0e\ufe0f]`;

const CONTROLS_BUT_JOINERS = new RegExp(`(?!${JOINER})(?:${CONTROL})`, "gu");

/** Text without its controls: for answers, and for lines that are only looked at. */
export function withoutControls(text: string): string {
  return text.replaceAll(CONTROLS_BUT_JOINERS, "");
}

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** Words as one types them into a shell. */
export function toShellWords(words: readonly string[]): string {
  return words.map(toShellWord).join(" ");
}

/** A word as one types it into a shell; with escapes, which bash and zsh know, if it holds what nobody sees. */
export function toShellWord(word: string): string {
  if (PLAIN_WORD.test(word)) {
    return word;
  }
  const visible = toVisible(word);
  if (visible === word && !/[\n\t]/.test(word)) {
    return `'${word.replaceAll("'", "'\\''")}'`;
  }
  const escaped = word.replaceAll(/[\\']/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return `$'${toVisible(escaped)}'`;
}

/** Writes text for a person; what they could not see in it is written out. */
export function writeText(out: OutputStream, text: string): void {
  out.write(toVisible(text));
}

/** Writes what a model answered, without what cannot be seen. */
export function writeAnswer(out: OutputStream, text: string): void {
  out.write(withoutControls(text));
}

/** Writes a value as JSON, on one line unless it is indented. */
export function writeJson(out: OutputStream, value: unknown, indent?: number): void {
  out.write(`${toVisibleJson(value, indent)}\n`);
}
