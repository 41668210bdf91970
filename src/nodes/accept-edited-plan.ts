import { type AgentState, type Decision, planActionId, type StateChange } from "../state/index.js";
import { acceptPlan } from "./accept-plan.js";
import type { NodeContext } from "./node-context.js";
import type { DecidedAction } from "./read-decisions.js";

/** Who decided, and when. */
export type DecisionRecord = Pick<Decision, "by" | "at">;

/** Puts the steps that a person wrote into the state: a version of the plan that needs no further word of theirs. */
export async function acceptEditedPlan(
  state: AgentState,
  { steps: edited = [], ...decision }: DecidedAction,
  record: DecisionRecord,
  plan: { readonly reason: string; readonly resolves: readonly string[] },
  context: NodeContext,
): Promise<StateChange> {
  const steps = [...edited];
  const isKept = [...steps, ...state.pastSteps].some(({ id }) => id === state.answerStep);
  const version = (state.planVersions.at(-1)?.version ?? 0) + 1;
  const approval: Decision = { ...decision, ...record, type: "approve", actionId: planActionId(version) };
  const change = await acceptPlan(
    state,
    {
      ...plan,
      plan: { steps, ...(isKept ? { answer: state.answerStep } : {}) },
      by: "person",
      messageId: state.planMessageId,
    },
    context,
  );
  return { ...change, decisions: [...state.decisions, approval] };
}
