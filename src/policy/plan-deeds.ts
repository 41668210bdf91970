import { stableStringify } from "../base/index.js";
import { type PlanStep, referencedIds } from "../plan/index.js";

/** Gives each distinct deed a number. A deed that contains others stays short then, however deeply they nest. */
export type DeedNumbers = Map<string, number>;

/**
 * Creates a function that says what a step does, as a number: equal deeds have equal numbers. A deed is the step's
 * tool, its arguments (or its description, its worker and an agent's tools, if a model does it), its forEach and if, and
 * the deeds of the steps it refers to. Only deeds that share `numbers` can be compared.
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
    const { tool, tools, worker, args, description, forEach, if: condition, expect, pitfalls } = step;
    const does = args === undefined ? { description } : { args };
    const inner = new Set([...within, step.id]);
    const inputs = referencedIds({ ...does, forEach, if: condition }, byId).flatMap((id) => {
      const input = byId.get(id);
      return input === undefined || inner.has(id) ? [] : [[id, deedOf(input, inner)]];
    });
    // If a model does part of the step, what it is told beside the task counts too.
    const told = args === undefined ? [expect ?? null, pitfalls ?? null, tools ?? null, worker ?? null] : [];
    const made = [tool ?? null, does.args ?? description, forEach ?? null, condition ?? null, inputs, told];
    const text = stableStringify(made);
    const deed = numbers.get(text) ?? numbers.size;
    numbers.set(text, deed);
    known.set(step, deed);
    return deed;
  };
  return (step) => deedOf(step, new Set());
}
