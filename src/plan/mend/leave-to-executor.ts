import type { Plan, PlanStep } from "../plan.js";
import type { PlanIssue, PlanIssueCode } from "../plan-issue.js";
import { escapeReferences, findReferences, referencedIds } from "../references.js";
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
  const wrong = new Map<string, Set<string>>();
  for (const { code, stepId = "", path: [argument] = [] } of issues) {
    const { tool = "", forEach } = steps.get(stepId) ?? {};
    if (!IN_ARGUMENTS.has(code) || !readOnly.has(tool) || forEach !== undefined) {
      return undefined;
    }
    const found = wrong.get(stepId) ?? new Set();
    wrong.set(stepId, code === "invalid-args" && argument !== undefined ? found.add(argument) : found);
  }
  const known = new KnownOutputs(plan.steps, options);
  const mended = plan.steps.map((step) => {
    const refused = wrong.get(step.id);
    return refused === undefined ? step : leave(step, refused, known, steps);
  });
  return { ...plan, steps: mended };
}

function leave(
  step: PlanStep,
  refused: ReadonlySet<string>,
  known: KnownOutputs,
  steps: ReadonlyMap<string, PlanStep>,
): PlanStep {
  const { args = {}, if: condition, ...left } = step;
  const isUnknown = (expression: string) => {
    const target = known.targetOf(expression);
    return target === undefined || target.id === step.id || !known.mayHave(target);
  };
  const isConditionWrong = findReferences(condition).some(isUnknown);
  const kept = isConditionWrong || condition === undefined ? {} : { if: condition };
  if (isConditionWrong && refused.size === 0 && !findReferences(args).some(isUnknown)) {
    return { ...left, args };
  }
  const others = referencedIds({ args }, steps).filter((id) => id !== step.id);
  // A small model takes what it is shown, so what was right stays so.
  const right = Object.entries(args).filter(
    ([key, value]) => !refused.has(key) && findReferences(value).length === 0,
  );
  const told = right.length === 0 ? {} : { pitfalls: tellRight(Object.fromEntries(right), step.pitfalls) };
  return { ...left, ...kept, ...told, dependsOn: step.dependsOn ?? others };
}

function tellRight(args: NonNullable<PlanStep["args"]>, pitfalls: string | undefined): string {
  const right = escapeReferences(`Use these arguments as they are: ${JSON.stringify(args)}.`);
  return pitfalls === undefined ? right : `${pitfalls}\n${right}`;
}
