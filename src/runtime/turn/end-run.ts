import { ALL_DECISIONS } from "../../policy/index.js";
import {
  type AgentState,
  leftSteps,
  type StateChange,
  unresolvedTrouble,
  type WaitingGuidance,
} from "../../state/index.js";
import type { NodeContext } from "../run/index.js";
import { askPerson } from "./ask-person.js";
import { finish } from "./finish.js";
import { describeProgress } from "./progress.js";
import { toPlanMessages } from "./shown/index.js";

/** Why a planner or replanner cannot plan, and the part of the goal that it could. */
export interface Refusal {
  readonly refused: string;
  readonly understood?: string;
}

/** Ends a run that has not reached a limit, or asks a person first if the options say so. */
export function endOrEscalate(state: AgentState, reason: string, context: NodeContext): StateChange {
  const asks = context.settings.approval.escalate && context.superstepLimit === undefined;
  return asks ? escalate(state, reason, context) : endIncomplete(state, reason, context);
}

/** Ends a run that did not reach its goal. Code, not a model, writes what was achieved. */
export function endIncomplete(state: AgentState, reason: string, context: NodeContext): StateChange {
  const response = describeProgress(state, reason);
  const messageId = context.services.createId();
  return finish(state, { status: "incomplete", reason, response, messageId, endedBy: "code" }, context);
}

/** Ends a run whose turn a person gave up. */
export function endCancelled(state: AgentState, context: NodeContext): StateChange {
  const reason = "A person cancelled the turn.";
  const response = describeProgress(state, reason);
  const messageId = context.services.createId();
  return finish(state, { status: "cancelled", reason, response, messageId, endedBy: "cancelled" }, context);
}

/** Ends a run that has work left but no superstep to do it in. */
export function endAtRecursionLimit(state: AgentState, message: string, context: NodeContext): StateChange {
  context.emit({ type: "limit.reached", limit: "recursionLimit", message });
  return endIncomplete(state, message, context);
}

/** Ends a run that has its answer. */
export function finishDone(
  state: AgentState,
  response: string,
  context: NodeContext,
  messageId = context.services.createId(),
): StateChange {
  return finish(state, { status: "done", reason: "All steps are done.", response, messageId }, context);
}

/** Ends a run that somebody refused to plan. The answer offers the part of the goal that they understood. */
export function endRefused(
  state: AgentState,
  { refused, understood }: Refusal,
  context: NodeContext,
): StateChange {
  const offer = understood === undefined ? [] : [`I understood this much: ${understood}`];
  const response = [refused, ...offer].join("\n\n");
  const messageId = context.services.createId();
  return finish(state, { status: "refused", reason: refused, understood, response, messageId }, context);
}

/** Asks a person for guidance when the run could otherwise only end. The request shows what failed and what is left. */
function escalate(state: AgentState, reason: string, context: NodeContext): StateChange {
  const toDo = new Set([...unresolvedTrouble(state), ...leftSteps(state)].map(({ id }) => id));
  const earlier = state.decisions.filter(({ actionId }) => actionId.startsWith(GUIDANCE));
  const waiting: WaitingGuidance = {
    kind: "guidance",
    actionId: `${GUIDANCE}${earlier.length + 1}`,
    reason,
    steps: state.plan.filter(({ id }) => toDo.has(id)),
    allowedDecisions: [...ALL_DECISIONS],
  };
  const messages = toPlanMessages(state, { waiting: [waiting] });
  // The earlier words have been used. The next ones will answer this request.
  return { ...askPerson([waiting], context), messages, verdict: null, words: null };
}

const GUIDANCE = "guidance:";
