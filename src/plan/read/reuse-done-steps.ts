import { mapTexts } from "../../base/index.js";
import type { Plan, PlanStep } from "../plan.js";
import type { PlanIssue } from "../plan-issue.js";
import { rewriteReferences, splitReference } from "../references.js";

/**
 * Leaves out the steps that do again what past steps have done, and lets the others use the outputs that are there.
 * Returns undefined if something else is wrong with the plan, or if nothing would be left of it.
 */
export function reuseDoneSteps(plan: Plan, issues: readonly PlanIssue[]): Plan | undefined {
  const doneBy = new Map(
    issues.flatMap(({ stepId, repeats }) =>
      stepId === undefined || repeats === undefined ? [] : [[stepId, repeats] as const],
    ),
  );
  const steps = plan.steps.filter(({ id }) => !doneBy.has(id));
  if (doneBy.size < issues.length || steps.length === 0) {
    return undefined;
  }
  const rename = (id: string) => doneBy.get(id) ?? id;
  const inText = (text: string) =>
    rewriteReferences(text, (expression) => {
      const id = splitReference(expression, doneBy)?.id;
      return id === undefined ? expression : `${rename(id)}${expression.slice(id.length)}`;
    });
  return {
    steps: steps.map((step) => renameIn(step, rename, inText)),
    ...(plan.answer === undefined ? {} : { answer: rename(inText(plan.answer)) }),
  };
}

function renameIn(
  step: PlanStep,
  rename: (id: string) => string,
  inText: (text: string) => string,
): PlanStep {
  const { args, dependsOn } = step;
  const texts = Object.fromEntries(
    (["description", "if", "forEach", "expect"] as const).flatMap((field) => {
      const text = step[field];
      return text === undefined ? [] : [[field, inText(text)] as const];
    }),
  );
  return {
    ...step,
    ...texts,
    ...(args === undefined ? {} : { args: mapArgs(args, inText) }),
    ...(dependsOn === undefined ? {} : { dependsOn: dependsOn.map(rename) }),
  };
}

function mapArgs(args: NonNullable<PlanStep["args"]>, inText: (text: string) => string) {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, mapTexts(value, inText)]));
}
