// A calculator cannot compare. Small models ask it to before a step that is to be done on a condition alone, so the
// comparison becomes that step's condition.
import { readCondition } from "../condition.js";
import type { Plan, PlanStep } from "../plan.js";
import { findReferences, replaceReferences, splitReference } from "../references.js";
import type { MendOptions } from "./known-outputs.js";

const CALCULATOR = "calculator";

/**
 * Makes each comparison that a step gives to the calculator the condition of the steps whose condition it was to be. If
 * nothing refers to it, it is the condition of the one later step that does more than read. Otherwise it stays.
 */
export function conditionsFromCalculator({ steps, answer }: Plan, { tools }: MendOptions): PlanStep[] {
  const readOnly = new Set(tools.filter((tool) => tool.readOnly).map(({ name }) => name));
  return steps.reduce<PlanStep[]>(
    (mended, { id }) => {
      const at = mended.findIndex((step) => step.id === id);
      const step = mended[at];
      const comparison = step && comparisonIn(step);
      if (step === undefined || comparison === undefined || answer === id || names(id, answer)) {
        return mended;
      }
      const readers = mended.filter((one) => names(id, one) || one.dependsOn?.includes(id));
      const acting = mended.slice(at + 1).filter(({ tool }) => tool === undefined || !readOnly.has(tool));
      const wanting = readers.length > 0 ? readers.filter((one) => asksFor(id, one)) : acting;
      if (wanting.length < readers.length || (readers.length === 0 && acting.length !== 1)) {
        return mended;
      }
      const condition = both(step.if, comparison);
      return mended.flatMap((one) =>
        one.id === id ? [] : [wanting.includes(one) ? withCondition(one, id, condition) : one],
      );
    },
    [...steps],
  );
}

/** The comparison that a step gives to the calculator; undefined if it gives it none. */
function comparisonIn({ tool, args = {}, forEach }: PlanStep): string | undefined {
  const { expression } = args;
  if (tool !== CALCULATOR || forEach !== undefined || typeof expression !== "string") {
    return undefined;
  }
  const read = readCondition(expression);
  return read.ok && read.condition.kind === "comparison" ? expression : undefined;
}

/** Whether a value refers to a step. */
function names(id: string, value: unknown): boolean {
  const ids = new Set([id]);
  return findReferences(value).some((expression) => splitReference(expression, ids) !== undefined);
}

/** Whether a step names another one, and in its condition alone. */
function asksFor(id: string, { if: condition, dependsOn: _, ...step }: PlanStep): boolean {
  return findReferences(condition).includes(id) && !names(id, step);
}

/** Puts a condition in place of the reference to the step that was to work it out, or beside the one that is there. */
function withCondition({ dependsOn, ...step }: PlanStep, id: string, condition: string): PlanStep {
  const isNamed = findReferences(step.if).includes(id);
  return {
    ...step,
    if: isNamed
      ? replaceReferences(step.if ?? "", (one) => (one === id ? `(${condition})` : undefined))
      : both(step.if, condition),
    ...(dependsOn === undefined ? {} : { dependsOn: dependsOn.filter((one) => one !== id) }),
  };
}

function both(one: string | undefined, other: string): string {
  return one === undefined ? other : `(${one}) and (${other})`;
}
