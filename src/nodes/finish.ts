import { AIMessage } from "@langchain/core/messages";
import {
  type AgentState,
  leftSteps,
  type RunOutcome,
  type RunStatus,
  type StateChange,
  unresolvedTrouble,
} from "../state/index.js";
import { cutText } from "../text/index.js";
import { noRequest } from "./ask-person.js";
import type { NodeContext } from "./node-context.js";
import { toPlanMessages } from "./plan-message.js";
import { MAX_PROMPT_OUTPUT_BYTES, MAX_STATE_OUTPUT_BYTES } from "./settings.js";

/** How a run ends. */
export interface Ending {
  readonly status: Exclude<RunStatus, "planning" | "executing" | "waiting">;
  /** Why, as a sentence. */
  readonly reason: string;
  readonly code?: RunOutcome["code"];
  readonly response: string;
  /** The id of the message that carries the response. */
  readonly messageId: string;
}

/** The update that ends a run: status, outcome, and the response as the last message of the conversation. */
export function finish(state: AgentState, ending: Ending, context: NodeContext): StateChange {
  const { status, code, messageId } = ending;
  const reason = cutText(ending.reason, MAX_PROMPT_OUTPUT_BYTES);
  const response = cutText(ending.response, MAX_STATE_OUTPUT_BYTES);
  context.emit(
    status === "failed" ? { type: "agent.failed", reason } : { type: "agent.completed", status, response },
  );
  return {
    status,
    response,
    outcome: {
      status,
      reason,
      ...(code === undefined ? {} : { code }),
      failed: unresolvedTrouble(state),
      left: leftSteps(state),
    },
    messages: [...toPlanMessages(state), new AIMessage({ id: messageId, content: response })],
    ...noRequest,
    suspended: [],
    replanAsked: false,
    feedback: "",
    remark: "",
  };
}
