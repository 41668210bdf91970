import {
  escapeReferences,
  type PlanStep,
  referencedIds,
  type StepErrorCode,
  type StepResult,
} from "../../plan/index.js";
import { type AgentState, leftSteps } from "../../state/index.js";

/** The failures that other arguments may avoid. */
const WRONG_CALLS = new Set<StepErrorCode>(["TOOL_FAILED", "INVALID_ARGS", "REFERENCE_FAILED"]);

/**
 * Returns the remainder in which a model writes the arguments of the calls that failed, and sees what went wrong. Small
 * models do that well, and write a new plan badly. Returns undefined if other arguments may not be what is missing: only
 * calls that read are tried again.
 */
export function callAgain(
  state: AgentState,
  trouble: readonly StepResult[],
  isReadOnly: (tool: string) => boolean,
): PlanStep[] | undefined {
  const ids = new Set(state.plan.map(({ id }) => id));
  const again = trouble.flatMap((result) => {
    const step = state.plan.find(({ id }) => id === result.id);
    const mayCall = step?.tool !== undefined && isReadOnly(step.tool) && step.forEach === undefined;
    return mayCall ? (toCallStep(step, result, ids) ?? []) : [];
  });
  return again.length === 0 || again.length < trouble.length ? undefined : [...again, ...leftSteps(state)];
}

/**
 * A failed call as a step whose arguments a model writes. What the tool said is no part of the task, because it may hold
 * orders: its model reads it as data.
 */
function toCallStep(
  { args = {}, ...step }: PlanStep,
  { status, error, args: sent = args }: StepResult,
  ids: ReadonlySet<string>,
): PlanStep | undefined {
  if (status !== "failed" || error === undefined || !WRONG_CALLS.has(error.code)) {
    return undefined;
  }
  const told = `Called with ${JSON.stringify(sent)} it failed: ${error.message} Write other arguments.`;
  const pitfalls = escapeReferences(told);
  // Told the same, the model would write the same.
  if (pitfalls === step.pitfalls) {
    return undefined;
  }
  return {
    ...step,
    pitfalls,
    dependsOn: step.dependsOn ?? referencedIds({ args }, ids),
  };
}
