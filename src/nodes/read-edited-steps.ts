import {
  type JsonValue,
  type PlanStep,
  type PlanTool,
  planSchema,
  readPlan,
  rewireSplitSteps,
  type StepResult,
  validatePlan,
} from "../plan/index.js";
import type { AgentState, WaitingGuidance, WaitingPlan } from "../state/index.js";
import { editPlanText } from "./edit-plan-text.js";
import { hashStep } from "./step-outcome.js";

/** What a person wrote in place of the steps that were shown: a text, or the steps themselves. */
export interface EditedSteps {
  readonly args?: Readonly<Record<string, JsonValue>>;
  readonly steps?: readonly unknown[];
}

/** The steps that are meant, or everything that is wrong with them. */
export type ReadEditedSteps =
  | { readonly ok: true; readonly steps: readonly PlanStep[] }
  | { readonly ok: false; readonly message: string };

/** Reads the steps that a person wrote. A step that failed may stand among those shown: it is done again as it was. */
export function readEditedSteps(
  { args, steps }: EditedSteps,
  waiting: WaitingPlan | WaitingGuidance,
  { pastSteps }: AgentState,
  { tools, maxSteps }: { readonly tools: readonly PlanTool[]; readonly maxSteps: number },
): ReadEditedSteps {
  const shown = new Map(waiting.steps.map((step) => [step.id, step]));
  const structured = steps ?? args?.steps;
  const text = args?.plan ?? "";
  if (structured === undefined && typeof text !== "string") {
    return { ok: false, message: 'The edited plan is no text: send args: { plan: "1. …" }, or its steps.' };
  }
  const settledIds = pastSteps.map(({ id }) => id).filter((id) => !shown.has(id));
  const read =
    structured === undefined
      ? readText(String(text), waiting.steps, settledIds, tools)
      : readPlan(structured, { tools, pastIds: settledIds });
  if (!read.found) return { ok: false, message: read.reason };
  const parsed = planSchema.safeParse(read.plan);
  const wanted = parsed.success ? renameChanged(parsed.data.steps, shown, pastSteps) : undefined;
  const again = new Set(wanted?.map(({ id }) => id));
  const issues = validatePlan(wanted === undefined ? read.plan : { steps: wanted }, {
    tools,
    maxSteps,
    pastSteps: pastSteps.filter(({ id }) => !(shown.has(id) && again.has(id))),
  });
  if (wanted === undefined || issues.length > 0) {
    const told = issues.map(({ message }) => message).join(" ");
    return { ok: false, message: `The edited plan cannot be used: ${told}` };
  }
  return { ok: true, steps: wanted };
}

function readText(
  text: string,
  shown: readonly PlanStep[],
  takenIds: readonly string[],
  tools: readonly PlanTool[],
): { found: true; plan: { steps: readonly PlanStep[] } } | { found: false; reason: string } {
  const names = new Set(tools.map(({ name }) => name));
  const edited = editPlanText(text, shown, { takenIds, isTool: (name) => names.has(name) });
  if (edited.ok) return { found: true, plan: { steps: edited.steps } };
  return { found: false, reason: `The edited plan cannot be used: ${edited.problems.join(" ")}` };
}

/**
 * A step that failed and was changed is another step, and gets an id of its own: under its old one a tool might take
 * its call for the one that failed. What named it follows it.
 */
function renameChanged(
  steps: readonly PlanStep[],
  shown: ReadonlyMap<string, PlanStep>,
  pastSteps: readonly StepResult[],
): PlanStep[] {
  const taken = new Set([...pastSteps.map(({ id }) => id), ...steps.map(({ id }) => id)]);
  const past = new Set(pastSteps.map(({ id }) => id));
  const changed: string[] = [];
  const renamed = steps.map((step) => {
    const before = shown.get(step.id);
    if (before === undefined || !past.has(step.id) || hashStep(before) === hashStep(step)) return step;
    changed.push(step.id);
    return { ...step, id: freePart(step.id, taken) };
  });
  return rewireSplitSteps(renamed, changed);
}

function freePart(id: string, taken: Set<string>): string {
  let number = 2;
  while (taken.has(`${id}-${number}`)) number += 1;
  taken.add(`${id}-${number}`);
  return `${id}-${number}`;
}
