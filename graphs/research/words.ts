// What a text is about, as a set of stems: the ground on which questions, claims and passages are compared.

const STOP_WORDS = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by
  can could did do does doing down during each few for from further had has have having he her here hers him his how i
  if in into is it its itself just me more most my no nor not of off on once only or other our out over own per same
  she should so some such than that the their them then there these they this those through to too under until up very
  was we were what when where which while who whom why will with would you your according find know known say says said
  tell much many please year years number true larger largest bigger biggest higher highest taller tallest older oldest
  smaller smallest fewer less least longer longest better best`.split(/\s+/),
);

/** Words that turn a sentence into its opposite. */
const NEGATIONS = /\b(?:no|not|never|none|nothing|nobody|nowhere|neither|nor|without|cannot|\w+n['’]t)\b/i;

/** The words of a text, in its order and spelling; what begins with a digit is none. */
export function wordsOf(text: string): string[] {
  return (text.normalize("NFC").match(/[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu) ?? []).filter((word) =>
    /^\p{L}/u.test(word),
  );
}

/** Whether a word says nothing of what a text is about. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word.toLowerCase());
}

/** A word without case, accents and the commonest endings of English; two forms of a word mostly come to the same. */
export function stem(word: string): string {
  const plain = word
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/['’]\p{L}*$/u, "");
  if (plain.length <= 3) {
    return plain;
  }
  const singular = plain
    .replace(/(?:ies|ied)$/, "y")
    .replace(/(ss|sh|ch|x|z)es$/, "$1")
    .replace(/([^su])s$/, "$1");
  const bare = singular.length > 5 ? singular.replace(/(?:ing|ed|ly)$/, "") : singular;
  return bare.replace(/(.)\1$/, "$1").replace(/e$/, "");
}

/** The stems of what a text is about. */
export function stemsOf(text: string): Set<string> {
  return new Set(
    wordsOf(text)
      .filter((word) => !isStopWord(word))
      .map(stem),
  );
}

/** Whether a sentence says that something is not so. */
export function isNegated(sentence: string): boolean {
  return NEGATIONS.test(sentence);
}

/** How much of one set is in another, 0 to 1; 0 for an empty set. */
export function shareIn(part: ReadonlySet<string>, whole: ReadonlySet<string>): number {
  if (part.size === 0) {
    return 0;
  }
  return [...part].filter((entry) => whole.has(entry)).length / part.size;
}
