import { toVisible } from "../plan/index.js";

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** Words as one types them into a shell. */
export function toShellWords(words: readonly string[]): string {
  return words.map(toShellWord).join(" ");
}

/** A word as one types it into a shell; with escapes, which bash and zsh know, if it holds what nobody sees. */
export function toShellWord(word: string): string {
  if (PLAIN_WORD.test(word)) return word;
  const visible = toVisible(word);
  if (visible === word && !/[\n\t]/.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word.replaceAll(/[\\']/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return `$'${toVisible(escaped)}'`;
}
