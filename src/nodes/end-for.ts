import { LimitError, ModelError } from "../models/index.js";
import type { AgentState, StateChange } from "../state/index.js";
import { describeProgress } from "./describe-progress.js";
import { finish } from "./finish.js";
import type { NodeContext } from "./node-context.js";

/** The end of a run whose model, or whose limits, gave no answer; anything else is thrown on. */
export function endFor(error: unknown, state: AgentState, context: NodeContext): StateChange {
  const messageId = context.services.createId();
  if (error instanceof LimitError) {
    context.emit({ type: "limit.reached", limit: error.limit, message: error.message });
    return finish(
      state,
      {
        status: "incomplete",
        reason: error.message,
        response: describeProgress(state, error.message),
        messageId,
      },
      context,
    );
  }
  if (!(error instanceof ModelError)) throw error;
  const status = error.code === "MODEL_REFUSED" ? "refused" : "failed";
  return finish(
    state,
    { status, reason: error.message, response: describeProgress(state, error.message), messageId },
    context,
  );
}
