import { stableStringify } from "../base/index.js";
import { type PlanStep, referencedIds } from "../plan/index.js";

/** Numbers texts: a deed that holds others stays short, however often they hold one another. */
export type DeedNumbers = Map<string, number>;

/**
 * What each step does, as a number that is another whenever that is: its tool, its arguments (or its words, where a model
 * writes them), what it is repeated for and on what condition, and what the steps do that it refers to. Deeds can be
 * compared that were numbered together.
 */
export function createDeeds(
  byId: ReadonlyMap<string, PlanStep>,
  numbers: DeedNumbers,
): (step: PlanStep) => number {
  const known = new Map<PlanStep, number>();
  const deedOf = (step: PlanStep, within: ReadonlySet<string>): number => {
    const before = known.get(step);
    if (before !== undefined) {
      return before;
    }
    const { tool, args, description, forEach, if: condition, expect, pitfalls } = step;
    const does = args === undefined ? { description } : { args };
    const inner = new Set([...within, step.id]);
    const inputs = referencedIds({ ...does, forEach, if: condition }, byId).flatMap((id) => {
      const input = byId.get(id);
      return input === undefined || inner.has(id) ? [] : [[id, deedOf(input, inner)]];
    });
    // What a model is told beside its task is a part of it.
    const told = args === undefined ? [expect ?? null, pitfalls ?? null] : [];
    const made = [tool ?? null, does.args ?? description, forEach ?? null, condition ?? null, inputs, told];
    const text = stableStringify(made);
    const deed = numbers.get(text) ?? numbers.size;
    numbers.set(text, deed);
    known.set(step, deed);
    return deed;
  };
  return (step) => deedOf(step, new Set());
}
