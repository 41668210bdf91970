/** A list of phrases, written with "|" between them. */
export function phrases(text: string): readonly string[] {
  return text.split("|").map((phrase) => phrase.trim().replace(/\s+/g, " "));
}
