import { type PlanStep, type StepResult, stableStringify } from "../plan/index.js";

/** What a step does, without its id and without the order it comes in. */
function doing({ tool, args, description, forEach }: PlanStep): string {
  const isDirect = tool !== undefined && args !== undefined;
  return stableStringify(
    isDirect ? [tool, args, forEach ?? null] : [tool ?? null, description, forEach ?? null],
  );
}

/** Whether two remainders do the same things, whatever their ids and their order. */
export function isSameWork(before: readonly PlanStep[], after: readonly PlanStep[]): boolean {
  const sorted = (steps: readonly PlanStep[]) => steps.map(doing).sort().join();
  return before.length === after.length && sorted(before) === sorted(after);
}

/**
 * The first step that makes a call again which failed before with the same arguments, if there is one. A failed
 * step is compared as it was planned and as it was sent.
 */
export function findRepeatedFailure(
  remaining: readonly PlanStep[],
  failed: readonly StepResult[],
  plan: readonly PlanStep[],
): PlanStep | undefined {
  const calls = new Set<string>();
  for (const { id, tool, args, description } of failed) {
    const planned = plan.find((step) => step.id === id);
    if (planned !== undefined) calls.add(doing(planned));
    if (tool !== undefined && args !== undefined) calls.add(doing({ id, description, tool, args }));
  }
  return remaining.find((step) => calls.has(doing(step)));
}
