import { allDecisions } from "../policy/index.js";
import {
  type AgentState,
  leftSteps,
  type StateChange,
  unresolvedTrouble,
  type WaitingGuidance,
} from "../state/index.js";
import { askPerson } from "./ask-person.js";
import type { NodeContext } from "./node-context.js";
import { toPlanMessages } from "./plan-message.js";

/** Asks a person for guidance where the run can only end: what failed and what is left may still be done. */
export function escalate(state: AgentState, reason: string, context: NodeContext): StateChange {
  const toDo = new Set([...unresolvedTrouble(state), ...leftSteps(state)].map(({ id }) => id));
  const earlier = state.decisions.filter(({ actionId }) => actionId.startsWith(GUIDANCE));
  const waiting: WaitingGuidance = {
    kind: "guidance",
    actionId: `${GUIDANCE}${earlier.length + 1}`,
    reason,
    steps: state.plan.filter(({ id }) => toDo.has(id)),
    allowedDecisions: [...allDecisions],
  };
  const messages = toPlanMessages(state, [waiting]);
  // The words that led here were heard: the next ones are the answer to this request.
  return { ...askPerson([waiting], context), messages, replanAsked: false, feedback: "", remark: "" };
}

const GUIDANCE = "guidance:";
