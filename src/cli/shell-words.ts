const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** Words as one types them into a shell. */
export function toShellWords(words: readonly string[]): string {
  return words.map(toShellWord).join(" ");
}

function toShellWord(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
