import { LimitError, ModelError } from "../models/index.js";
import type { AgentState, Failure, StateChange } from "../state/index.js";
import { describeProgress } from "./describe-progress.js";
import { finish } from "./finish.js";
import type { NodeContext } from "./node-context.js";
import { timeNow } from "./time-now.js";

/** The end of a run whose model, or whose limits, gave no answer; anything else is thrown on. */
export function endFor(
  error: unknown,
  node: Failure["node"],
  state: AgentState,
  context: NodeContext,
): StateChange {
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
  const isRefused = error.code === "MODEL_REFUSED";
  const change = finish(
    state,
    {
      status: isRefused ? "refused" : "failed",
      reason: error.message,
      response: describeProgress(state, error.message),
      messageId,
    },
    context,
  );
  if (isRefused || !canGoOn(context)) return change;
  const { feedback, remark, suspended, replanAsked } = state;
  const failure = { node, at: timeNow(context.services) };
  return { ...change, failure, feedback, remark, suspended, replanAsked };
}

/**
 * Whether a null input can go on with this run. As a part of another graph it ends with its status instead: that
 * graph may have an answer to it, and must not stand still.
 */
function canGoOn({ config: { configurable } }: NodeContext): boolean {
  const namespace: unknown = configurable?.checkpoint_ns;
  const isNested = typeof namespace === "string" && namespace.includes("|");
  return configurable?.__pregel_checkpointer !== undefined && !isNested;
}
