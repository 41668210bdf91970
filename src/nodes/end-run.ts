import type { AgentState, StateChange } from "../state/index.js";
import { describeProgress } from "./describe-progress.js";
import { escalate } from "./escalate.js";
import { finish } from "./finish.js";
import type { NodeContext } from "./node-context.js";

/** The end of a run that is not exhausted by a limit; a person is asked before it where the options say so. */
export function endOrEscalate(state: AgentState, reason: string, context: NodeContext): StateChange {
  const asks = context.settings.approval.escalate && context.superstepLimit === undefined;
  return asks ? escalate(state, reason, context) : endIncomplete(state, reason, context);
}

/** The end of a run that did not come to its goal: what was achieved is told by rule. */
export function endIncomplete(state: AgentState, reason: string, context: NodeContext): StateChange {
  const response = describeProgress(state, reason);
  const messageId = context.services.createId();
  return finish(state, { status: "incomplete", reason, response, messageId }, context);
}

/** The end of a run that has work left, and no superstep to do it in. */
export function endAtRecursionLimit(state: AgentState, message: string, context: NodeContext): StateChange {
  context.emit({ type: "limit.reached", limit: "recursionLimit", message });
  return endIncomplete(state, message, context);
}

/** The end of a run that has its answer. */
export function finishDone(
  state: AgentState,
  response: string,
  context: NodeContext,
  messageId = context.services.createId(),
): StateChange {
  return finish(state, { status: "done", reason: "All steps are done.", response, messageId }, context);
}
