import { createHash } from "node:crypto";
import { type PlanStep, referencedIds, stableStringify } from "../plan/index.js";

/**
 * What each step does, as a text that changes whenever that does: its tool, its arguments (or its words, where a model
 * writes them), what it is repeated for and on what condition, and what the steps do that it refers to.
 */
export function createDeeds(byId: ReadonlyMap<string, PlanStep>): (step: PlanStep) => string {
  const known = new Map<PlanStep, string>();
  const deedOf = (step: PlanStep, within: ReadonlySet<string>): string => {
    const before = known.get(step);
    if (before !== undefined) {
      return before;
    }
    const { tool, args, description, forEach, if: condition } = step;
    const does = args === undefined ? { description } : { args };
    const inner = new Set([...within, step.id]);
    const inputs = referencedIds({ ...does, forEach, if: condition }, byId).flatMap((id) => {
      const input = byId.get(id);
      return input === undefined || inner.has(id) ? [] : [[id, deedOf(input, inner)]];
    });
    const made = [tool ?? null, does.args ?? description, forEach ?? null, condition ?? null, inputs];
    const deed = createHash("sha256").update(stableStringify(made)).digest("hex");
    known.set(step, deed);
    return deed;
  };
  return (step) => deedOf(step, new Set());
}
