import type { Plan, PlanStep } from "../plan.js";
import type { PlanIssue, PlanIssueCode } from "../plan-issue.js";
import { findReferences, referencedIds } from "../references.js";
import { KnownOutputs, type MendOptions } from "./known-outputs.js";

/** What can be put right by the one who writes a call's arguments when its inputs are there. */
const IN_ARGUMENTS: ReadonlySet<PlanIssueCode> = new Set([
  "invalid-args",
  "unknown-reference",
  "self-dependency",
]);

/**
 * Leaves out the arguments of calls that only read, if something is wrong with them: they are written at the step, from
 * the outputs that they were to use. A small model does that well, and repairs a plan badly. What only reads needs no
 * condition either, if nothing can judge it. Returns undefined if something else is wrong.
 */
export function leaveToExecutor(
  plan: Plan,
  issues: readonly PlanIssue[],
  options: MendOptions,
): Plan | undefined {
  const readOnly = new Set(options.tools.filter((tool) => tool.readOnly).map(({ name }) => name));
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const wrong = new Set<string>();
  for (const { code, stepId = "" } of issues) {
    const { tool = "", forEach } = steps.get(stepId) ?? {};
    if (!IN_ARGUMENTS.has(code) || !readOnly.has(tool) || forEach !== undefined) {
      return undefined;
    }
    wrong.add(stepId);
  }
  const known = new KnownOutputs(plan.steps, options);
  const mended = plan.steps.map((step) => (wrong.has(step.id) ? leave(step, known, steps) : step));
  return { ...plan, steps: mended };
}

function leave(step: PlanStep, known: KnownOutputs, steps: ReadonlyMap<string, PlanStep>): PlanStep {
  const { args, if: condition, ...left } = step;
  const isUnknown = (expression: string) => {
    const target = known.targetOf(expression);
    return target === undefined || target.id === step.id || !known.mayHave(target);
  };
  const isConditionWrong = findReferences(condition).some(isUnknown);
  const isRight = isConditionWrong && !findReferences(args).some(isUnknown);
  const others = referencedIds({ args }, steps).filter((id) => id !== step.id);
  return {
    ...left,
    ...(isConditionWrong || condition === undefined ? {} : { if: condition }),
    ...(isRight && args !== undefined ? { args } : { dependsOn: step.dependsOn ?? others }),
  };
}
