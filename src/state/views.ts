import type { PlanStep, StepResult } from "../plan/index.js";
import { createDeeds, isTrouble, neverRan, type Progress } from "../policy/index.js";
import type { AgentState } from "./graph-state.js";
import type { Decision } from "./waiting.js";

/** Steps of the plan that have not ended, in plan order. */
export function openSteps(
  plan: readonly PlanStep[],
  pastSteps: readonly Pick<StepResult, "id">[],
): PlanStep[] {
  const ended = new Set(pastSteps.map(({ id }) => id));
  return plan.filter(({ id }) => !ended.has(id));
}

/** How far the turn has come. */
export function progressOf({ goal, plan, pastSteps }: AgentState): Progress {
  return { goal, plan, pastSteps, remaining: openSteps(plan, pastSteps) };
}

/** Steps that went wrong and that no version of the plan has answered yet. */
export function unresolvedTrouble({ pastSteps, planVersions }: AgentState): StepResult[] {
  const resolved = new Set(planVersions.flatMap(({ resolves }) => resolves));
  return pastSteps.filter((result) => isTrouble(result) && !resolved.has(result.id));
}

/** Steps that were never done: those that have not ended, and those behind a failed one. */
export function leftSteps({ plan, pastSteps }: Pick<AgentState, "plan" | "pastSteps">): PlanStep[] {
  return openSteps(
    plan,
    pastSteps.filter((result) => !neverRan(result)),
  );
}

/**
 * Whether steps do anything that no person has approved in this turn as a part of a plan. Steps that only read are
 * never new, once a plan was approved. Of an edited plan the edited steps alone are approved: it is a version of its own.
 */
export function hasNewDeeds(
  steps: readonly PlanStep[],
  { planVersions, decisions }: Pick<AgentState, "planVersions" | "decisions">,
  isReadOnly: (tool: string) => boolean,
): boolean {
  const approvals = new Set(
    decisions.filter(({ type }) => type === "approve").map(({ actionId }) => actionId),
  );
  const byId = new Map<string, PlanStep>();
  const approved = new Set<string>();
  let isAnyApproved = false;
  for (const { version, steps: planned } of planVersions) {
    for (const step of planned) {
      byId.set(step.id, step);
    }
    if (approvals.has(planActionId(version))) {
      isAnyApproved = true;
      // What a step refers to may get another meaning with a later version.
      for (const deed of planned.map(createDeeds(new Map(byId)))) {
        approved.add(deed);
      }
    }
  }
  if (!isAnyApproved) {
    return true;
  }
  for (const step of steps) {
    byId.set(step.id, step);
  }
  const deedOf = createDeeds(byId);
  const acting = steps.filter(({ tool }) => tool === undefined || !isReadOnly(tool));
  return acting.some((step) => !approved.has(deedOf(step)));
}

/** The action id under which a version of the plan is approved. */
export function planActionId(version: number): string {
  return `plan:${version}`;
}

/** The step, or the item of a for-each step, on whose action a decision is. */
export function decidedPart({ stepId, actionId }: Decision, turnId: string): string {
  // Builds before this one kept the step in the action's id alone.
  return (
    stepId ??
    actionId
      .slice(turnId.length + 1)
      .split(":", 1)
      .join()
  );
}
