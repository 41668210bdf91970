import type { Verdict } from "../task.js";
import { numbersIn } from "./said.js";

/** What is known about the right answer to a question. */
export interface GoldAnswer {
  readonly answer: string;
  /** Other forms of it. */
  readonly accept?: readonly string[];
  /** What the question lets one choose instead. An answer that names one of these as well may be wrong. */
  readonly others?: readonly string[];
}

/** Numbers of encyclopedias differ a little, and so does rounding. */
const TOLERANCE = 0.01;

/**
 * Compares an answer with the right one, exactly where that can be done: numbers within 1 %, and names that stand alone.
 * What names the right one and another, or neither, is for a judge.
 */
export function compareText(answer: string, { answer: gold, accept = [], others = [] }: GoldAnswer): Verdict {
  if (/^-?[\d.]+$/.test(gold)) {
    const wanted = Number(gold);
    const isThere = numbersIn(answer).some(
      (found) => Math.abs(found - wanted) <= Math.abs(wanted) * TOLERANCE,
    );
    return { kind: "exact", faults: isThere ? [] : [`The answer lacks ${gold}.`] };
  }
  const isNamed = [gold, ...accept].some((name) => names(answer, name));
  const isOther = others.some((name) => names(answer, name));
  if (isNamed !== isOther) {
    return { kind: "exact", faults: isNamed ? [] : [`The answer is another than "${gold}".`] };
  }
  return { kind: "open", gold };
}

/** Whether a text names something, as whole words. */
function names(text: string, name: string): boolean {
  const words = (of: string) => ` ${(of.toLowerCase().match(/[\p{L}\d]+/gu) ?? []).join(" ")} `;
  return words(text).includes(words(name));
}
