import type { StepResult } from "../plan/index.js";
import { findRepeatedFailure, isSameWork, isTrouble } from "../policy/index.js";
import { type AgentState, leftSteps } from "../state/index.js";

/** Why a new remainder leads nowhere, if it does: it does again what has failed, or is the old one. */
export function findStall(
  state: AgentState,
  trouble: readonly StepResult[],
  steps: AgentState["plan"],
): string | undefined {
  const failed = state.pastSteps.filter(isTrouble);
  const repeated = findRepeatedFailure(steps, failed, state.plan);
  if (repeated !== undefined) {
    return `the run stalls: step ${repeated.id} would do again what has failed (${repeated.description})`;
  }
  const before = [
    ...leftSteps(state),
    ...state.plan.filter(({ id }) => trouble.some((result) => result.id === id)),
  ];
  return isSameWork(before, steps) ? "the run stalls: the new plan changes nothing" : undefined;
}
