import { createNearestName, quote } from "../../base/index.js";
import type { PlanIssue } from "../plan-issue.js";
import type { PlanTool } from "../plan-tool.js";
import { normalizeId } from "../references.js";
import { isPassable, type StepResult, splitReplaced } from "../step-result.js";
import { checkDependencies } from "./check-dependencies.js";
import { checkReferences } from "./check-references.js";
import { checkRepeats } from "./check-repeats.js";
import { checkTools } from "./check-tools.js";
import { isNamed, type NamedStepView, type PlanView, readView, stepLabel } from "./plan-view.js";

/** What a plan is checked against. */
interface ValidatePlanOptions {
  /** The tools and workers that steps may name. @default they are not checked */
  readonly tools?: readonly PlanTool[];
  /** The most steps that the plan may have. @default any number */
  readonly maxSteps?: number;
  /** The steps of this turn that have settled. @default none */
  readonly pastSteps?: readonly StepResult[];
}

/** Finds everything that is wrong with a plan. An empty list means that the plan can run. Never throws. */
export function validatePlan(plan: unknown, options: ValidatePlanOptions = {}): PlanIssue[] {
  const { steps, answer, issues } = readView(plan);
  const { tools } = options;
  const named = steps.filter(isNamed);
  const ids = new Set(named.map((step) => step.id));
  const past = splitReplaced(options.pastSteps ?? [], named).kept.filter(isKept);
  const view: PlanView = {
    steps,
    named,
    byId: new Map(named.map((step) => [step.id, step])),
    ids,
    known: new Set([...ids, ...past.map((result) => result.id)]),
    available: [...ids, ...past.filter(isPassable).map((result) => result.id)],
    answer,
    past: new Map(past.map((result) => [result.id, result])),
    tools: tools && new Map(tools.filter(({ isWorker }) => !isWorker).map((tool) => [tool.name, tool])),
    workers: tools?.filter(({ isWorker }) => isWorker).map(({ name }) => name),
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

/**
 * Whether a past step's id is taken. A step that was skipped because of a failure never ran, so its id is free again.
 */
function isKept(result: StepResult): boolean {
  return result.status !== "skipped" || isPassable(result);
}

function checkSize(count: number, maxSteps: number | undefined): PlanIssue[] {
  if (maxSteps === undefined || count <= maxSteps) {
    return [];
  }
  const message = `The plan has ${count} steps, and ${maxSteps} are allowed. Join steps, or plan fewer.`;
  return [{ code: "too-many-steps", message }];
}

/**
 * Finds ids that two steps share, and ids of past steps that are taken. A step that is not done gives its id away, but
 * only written exactly as it was.
 */
function checkIds(view: PlanView): PlanIssue[] {
  const taken = new Map([...view.past].map(([id, result]) => [normalizeId(id), result]));
  const first = new Map<string, NamedStepView>();
  return view.named.flatMap((step) => {
    const key = normalizeId(step.id);
    const twin = first.get(key);
    const past = taken.get(key);
    if (twin === undefined) {
      first.set(key, step);
    }
    const issues: PlanIssue[] = [];
    if (twin !== undefined) {
      const others = twin.id === step.id ? "" : `, and ${quote(twin.id)} differs only in case or blanks`;
      const message = `Steps ${twin.position} and ${step.position} share the id ${quote(step.id)}${others}. Give each step an id of its own.`;
      issues.push({ code: "duplicate-id", stepId: step.id, message });
    }
    if (past !== undefined) {
      const use =
        past.status === "done"
          ? `refer to its output as {{${past.id}}}`
          : `write its id as ${quote(past.id)}`;
      const message = `${stepLabel(step)}: the id belongs to a step that has already ended (${past.status}). If this is that step, ${use}; otherwise take another id.`;
      issues.push({ code: "id-taken", stepId: step.id, message });
    }
    return issues;
  });
}
