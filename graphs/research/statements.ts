// When two sentences speak of the same thing and say something else of it:
//
//   the same thing   at least 0.5 of the content stems of the shorter one are in the other, two at least, or both have 0.8
//                    of those of the question; and the names fit: the names that claim and question share are in both;
//                    where there are none, not each of the two has a name that the other lacks.
//   other numbers    there is a unit in which both have numbers, none of them the same, and the words around two of them
//                    have a stem in common that is no name's.
//   denies           one of the two has a negation and the other has none, and their words are nearly the same (0.75).
import type { Claim } from "./finding.js";
import { isSameQuantity, type Quantity, quantitiesOf, withoutQuantities } from "./quantities.js";
import { isNegated, isStopWord, shareIn, stem, stemsOf, wordsOf } from "./words.js";

const LEAST_SHARED = 0.5;
const LEAST_OF_QUESTION = 0.8;
const LEAST_SHARED_IN_DENIAL = 0.75;

/**
 * The words that are names: written with a capital and nowhere small, or behind another name, as "Mill" in "Skerra Mill".
 */
export function knownNames(sentences: readonly string[]): ReadonlySet<string> {
  const words = sentences.map(wordsOf);
  const small = new Set(words.flat().filter((word) => !isCapital(word)));
  const isName = (word = "") => isCapital(word) && !isStopWord(word) && !small.has(word.toLowerCase());
  const names = words.map((row) =>
    row.filter((word, at) => isName(word) || (isCapital(word) && isName(row[at - 1]))),
  );
  return new Set(names.flat());
}

/** How a sentence contradicts a claim; undefined where it does not, or speaks of something else. */
export function differenceOf(
  claim: Claim,
  sentence: string,
  names: ReadonlySet<string>,
): "other numbers" | "denies" | undefined {
  const own = stemsOf(withoutQuantities(claim.text));
  const others = stemsOf(withoutQuantities(sentence));
  const shared = shareIn(own.size <= others.size ? own : others, own.size <= others.size ? others : own);
  const asked = stemsOf(claim.question);
  const bothAnswer = Math.min(shareIn(asked, own), shareIn(asked, others)) >= LEAST_OF_QUESTION;
  if ((shared < LEAST_SHARED && !bothAnswer) || Math.min(own.size, others.size) < 2) {
    return undefined;
  }
  if (!isSameSubject(claim, sentence, names)) {
    return undefined;
  }
  const nameStems = new Set([...names].map(stem));
  if (hasOtherNumbers(quantitiesOf(claim.text), quantitiesOf(sentence), nameStems)) {
    return "other numbers";
  }
  const isDenial = isNegated(claim.text) !== isNegated(sentence) && shared >= LEAST_SHARED_IN_DENIAL;
  return isDenial ? "denies" : undefined;
}

function isSameSubject({ text, question }: Claim, sentence: string, names: ReadonlySet<string>): boolean {
  const namesIn = (given: string) => new Set(wordsOf(given).filter((word) => names.has(word)));
  const [own, others, asked] = [namesIn(text), namesIn(sentence), namesIn(question)];
  const anchors = new Set([...own].filter((name) => asked.has(name)));
  if (anchors.size > 0) {
    return shareIn(anchors, others) === 1;
  }
  return [...own].every((name) => others.has(name)) || [...others].every((name) => own.has(name));
}

function hasOtherNumbers(
  own: readonly Quantity[],
  others: readonly Quantity[],
  names: ReadonlySet<string>,
): boolean {
  const units = new Set(own.map(({ unit }) => unit).filter((unit) => unit !== ""));
  return [...units].some((unit) => {
    const [ours, theirs] = [own, others].map((list) => list.filter((quantity) => quantity.unit === unit));
    if (ours === undefined || theirs === undefined || theirs.length === 0) {
      return false;
    }
    if (ours.some((one) => theirs.some((other) => isSameQuantity(one, other)))) {
      return false;
    }
    return ours.some((one) =>
      theirs.some((other) => [...one.near].some((word) => other.near.has(word) && !names.has(word))),
    );
  });
}

function isCapital(word: string): boolean {
  return /^\p{Lu}/u.test(word);
}
