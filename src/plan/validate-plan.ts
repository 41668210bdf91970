import { checkDependencies } from "./check-dependencies.js";
import { checkIds } from "./check-ids.js";
import { checkReferences } from "./check-references.js";
import { checkRepeats } from "./check-repeats.js";
import { checkTools } from "./check-tools.js";
import { createNearestName } from "./nearest-name.js";
import type { PlanIssue } from "./plan-issue.js";
import type { PlanTool } from "./plan-tool.js";
import { isNamed, type PlanView } from "./plan-view.js";
import { readView } from "./read-view.js";
import { isPassable, type StepResult } from "./step-result.js";

/** What a plan is checked against. */
export type ValidatePlanOptions = {
  /** The tools that steps may name. @default tools are not checked */
  readonly tools?: readonly PlanTool[];
  /** How many steps the plan may have at most. @default any number */
  readonly maxSteps?: number;
  /** The steps of this turn that have settled. @default none */
  readonly pastSteps?: readonly StepResult[];
};

/** Says everything that is wrong with a plan; an empty list means that it can run. Never throws. */
export function validatePlan(plan: unknown, options: ValidatePlanOptions = {}): PlanIssue[] {
  const { steps, answer, issues } = readView(plan);
  const named = steps.filter(isNamed);
  const ids = new Set(named.map((step) => step.id));
  const past = (options.pastSteps ?? []).filter(isKept);
  const view: PlanView = {
    steps,
    named,
    ids,
    known: new Set([...ids, ...past.map((result) => result.id)]),
    available: [...ids, ...past.filter(isPassable).map((result) => result.id)],
    answer,
    past: new Map(past.map((result) => [result.id, result])),
    tools: options.tools && new Map(options.tools.map((tool) => [tool.name, tool])),
    nearest: createNearestName(),
  };
  return [
    ...issues,
    ...checkSize(steps.length, options.maxSteps),
    ...checkIds(view),
    ...checkTools(view),
    ...checkDependencies(view),
    ...checkReferences(view),
    ...checkRepeats(view),
  ];
}

/** A step that was skipped since something before it failed never ran: its id is free again. */
function isKept(result: StepResult): boolean {
  return result.status !== "skipped" || isPassable(result);
}

function checkSize(count: number, maxSteps: number | undefined): PlanIssue[] {
  if (maxSteps === undefined || count <= maxSteps) return [];
  const message = `The plan has ${count} steps, and ${maxSteps} are allowed. Join steps, or plan fewer.`;
  return [{ code: "too-many-steps", message }];
}
