/** How many characters of English or code make a token, about. */
export const CHARACTERS_PER_TOKEN = 4;

/**
 * About how many tokens a text takes: one for four characters, and never less than it has words. An estimate,
 * for limits: right in size for English and code, too low for Chinese and other dense scripts.
 */
export function estimateTokens(text: string): number {
  const words = text.match(/\S+/g)?.length ?? 0;
  return Math.max(words, Math.ceil(text.length / CHARACTERS_PER_TOKEN));
}
