// How far a passage supports a claim, from 0 to 1. Lexical, and exact about numbers:
//
//   words    the share of the claim's content stems that a window of the passage has. A window is one sentence or two
//            in a row; the document's title and the section's heading count as words of each window.
//   numbers  each number of the claim must be in the same window, with the same value (1.2 km is 1,200 m) and no other
//            unit. Where n of m are there and n < m, the score is words × n/m × 0.5: a wrong number cannot be made up
//            for by right words.
//   no       where one of claim and window denies and the other does not, the score is halved.
//
// The score is that of the best window.
import { isSameQuantity, quantitiesOf, withoutQuantities } from "./quantities.js";
import { sentencesOf } from "./sentences.js";
import { isNegated, shareIn, stemsOf } from "./words.js";

/** What a claim is measured against. */
export interface Evidence {
  readonly text: string;
  readonly title: string;
  readonly section?: string;
}

/** How far a passage supports a claim, and with which words. */
export interface Support {
  readonly score: number;
  /** The share of its words alone. */
  readonly words: number;
  /** The sentences of the passage that support it most. */
  readonly quote: string;
  /** Numbers of the claim that are not there. */
  readonly missing: readonly string[];
}

/** Measures how far a passage supports a claim: see the head of the file. */
export function measureSupport(claim: string, evidence: Evidence): Support {
  const sentences = sentencesOf(evidence.text).map(({ text }) => text);
  const pairs = sentences.slice(1).map((text, at) => `${sentences[at]} ${text}`);
  const windows = [...sentences, ...pairs];
  const measured = windows.map((window) => measureWindow(claim, window, evidence));
  const isBetter = (one: Support, other: Support) =>
    one.score > other.score || (one.score === other.score && one.words > other.words);
  return measured.reduce((best, next) => (isBetter(next, best) ? next : best), {
    score: 0,
    words: 0,
    quote: sentences[0] ?? "",
    missing: quantitiesOf(claim).map(({ text }) => text),
  });
}

function measureWindow(claim: string, window: string, { title, section = "" }: Evidence): Support {
  const wanted = stemsOf(withoutQuantities(claim));
  const words = shareIn(wanted, stemsOf(withoutQuantities(`${window} ${title} ${section}`)));
  const numbers = quantitiesOf(claim);
  const given = quantitiesOf(window);
  const missing = numbers.filter((number) => !given.some((other) => isSameQuantity(number, other)));
  const found = numbers.length - missing.length;
  const exact = missing.length === 0 ? 1 : (found / numbers.length) * 0.5;
  const denial = isNegated(claim) === isNegated(window) ? 1 : 0.5;
  return {
    score: Math.round(words * exact * denial * 1_000) / 1_000,
    words,
    quote: window,
    missing: missing.map(({ text }) => text),
  };
}
