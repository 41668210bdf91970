import type { PlanStep, StepResult } from "../plan/index.js";
import { isTrouble, neverRan, type Progress } from "../policy/index.js";
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
 * The steps of all plans that a person approved in this turn; undefined where there was none. Of an edited plan
 * these are the edited steps alone: it is a version of its own.
 */
export function approvedSteps({ planVersions, decisions }: AgentState): PlanStep[] | undefined {
  const approved = new Set(
    decisions.filter(({ type }) => type === "approve").map(({ actionId }) => actionId),
  );
  const versions = planVersions.filter(({ version }) => approved.has(planActionId(version)));
  return versions.length === 0 ? undefined : versions.flatMap(({ steps }) => steps);
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
