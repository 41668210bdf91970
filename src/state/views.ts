import type { PlanStep, StepResult } from "../plan/index.js";
import {
  createDeeds,
  type DeedNumbers,
  type FailedStep,
  isTrouble,
  neverRan,
  type Progress,
} from "../policy/index.js";
import type { AgentState } from "./graph-state.js";
import type { Turn } from "./turn.js";
import type { Decision } from "./waiting.js";

/** Lists the steps of the plan that have not ended, in plan order. */
export function openSteps(
  plan: readonly PlanStep[],
  pastSteps: readonly Pick<StepResult, "id">[],
): PlanStep[] {
  const ended = new Set(pastSteps.map(({ id }) => id));
  return plan.filter(({ id }) => !ended.has(id));
}

/**
 * Returns the current turn. Throws if there is none: the planner begins it, and no other node runs before the planner.
 */
export function turnOf({ turn }: Pick<AgentState, "turn">): Turn {
  if (turn === null) {
    throw new TypeError("No turn has begun in this state: give the run an input first.");
  }
  return turn;
}

/** Sums up how far the turn has come. */
export function progressOf(state: AgentState): Progress {
  const { plan, pastSteps } = state;
  return { goal: turnOf(state).goal, plan, pastSteps, remaining: openSteps(plan, pastSteps) };
}

/** Lists the steps that went wrong and that no version of the plan has dealt with yet. */
export function unresolvedTrouble({ pastSteps, planVersions }: AgentState): StepResult[] {
  const resolved = new Set<string>();
  for (const { resolves, steps } of planVersions) {
    for (const id of resolves) {
      resolved.add(id);
    }
    // A new step under an old id may fail as well, and then nothing has dealt with it yet.
    for (const { id } of steps) {
      resolved.delete(id);
    }
  }
  return pastSteps.filter((result) => isTrouble(result) && !resolved.has(result.id));
}

/** Lists all steps that went wrong in this turn: those that stand, and those that were replaced. */
export function failedSteps({ plan, pastSteps, planVersions }: AgentState): FailedStep[] {
  const planned = new Map<string, PlanStep>();
  const replaced = planVersions.flatMap((version) => {
    const failed = toFailed(version.replaced ?? [], planned);
    for (const step of version.steps) {
      planned.set(step.id, step);
    }
    return failed;
  });
  return [...replaced, ...toFailed(pastSteps, toStepsById(plan))];
}

function toFailed(results: readonly StepResult[], planned: ReadonlyMap<string, PlanStep>): FailedStep[] {
  return results.filter(isTrouble).map((result) => ({ planned: planned.get(result.id), result }));
}

/** Lists the results that later steps of the turn have replaced, in the order in which they were replaced. */
export function replacedResults({ planVersions }: Pick<AgentState, "planVersions">): StepResult[] {
  return planVersions.flatMap(({ replaced = [] }) => replaced);
}

/** Lists the steps that were never done: those that have not ended, and those behind a failed step. */
export function leftSteps({ plan, pastSteps }: Pick<AgentState, "plan" | "pastSteps">): PlanStep[] {
  return openSteps(
    plan,
    pastSteps.filter((result) => !neverRan(result)),
  );
}

/**
 * Whether the steps do anything that no person has approved in this turn as a part of a plan. The plan that was
 * approved last covers each deed as often as the plan had it, minus the steps that are done. After a plan was approved,
 * steps that only read are never new.
 */
export function hasNewDeeds(
  steps: readonly PlanStep[],
  { planVersions, pastSteps, decisions }: Pick<AgentState, "planVersions" | "pastSteps" | "decisions">,
  isReadOnly: (tool: string) => boolean,
): boolean {
  const approvals = new Set(
    decisions.filter(({ type }) => type === "approve").map(({ actionId }) => actionId),
  );
  const last = planVersions.findLastIndex(({ version }) => approvals.has(planActionId(version)));
  const approved = planVersions[last];
  if (approved === undefined) {
    return true;
  }
  // A later version may change what a step's references mean, so the approved steps are read with the versions up to
  // the approved one.
  const before = toStepsById(planVersions.slice(0, last + 1).flatMap((version) => version.steps));
  const numbers: DeedNumbers = new Map();
  const left = countDeeds(approved.steps.map(createDeeds(before, numbers)));
  const since = toStepsById(planVersions.slice(last).flatMap((version) => version.steps));
  const now = createDeeds(new Map([...before, ...since, ...toStepsById(steps)]), numbers);
  const take = (step: PlanStep): boolean => {
    const deed = now(step);
    const count = left.get(deed) ?? 0;
    left.set(deed, count - 1);
    return count > 0;
  };
  for (const { id, status } of pastSteps) {
    const step = status === "done" ? since.get(id) : undefined;
    if (step !== undefined) {
      take(step);
    }
  }
  const acting = steps.filter(({ tool }) => tool === undefined || !isReadOnly(tool));
  return acting.filter((step) => !take(step)).length > 0;
}

function toStepsById(steps: readonly PlanStep[]): Map<string, PlanStep> {
  return new Map(steps.map((step) => [step.id, step]));
}

function countDeeds(deeds: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const deed of deeds) {
    counts.set(deed, (counts.get(deed) ?? 0) + 1);
  }
  return counts;
}

/** Returns the action id under which a version of the plan is approved. */
export function planActionId(version: number): string {
  return `plan:${version}`;
}

/** Returns the step, or the item of a for-each step, whose action was decided on. */
export function decidedPart({ stepId, actionId }: Decision, turnId: string): string {
  // Older builds kept the step only in the action's id.
  return (
    stepId ??
    actionId
      .slice(turnId.length + 1)
      .split(":", 1)
      .join()
  );
}
