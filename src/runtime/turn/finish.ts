import { AIMessage } from "@langchain/core/messages";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { cutText, withoutUndefined } from "../../base/index.js";
import { checkpointerIn, isInsideGraph } from "../../langgraph/index.js";
import { LimitError, ModelError } from "../../models/index.js";
import {
  type AgentState,
  type Failure,
  leftSteps,
  type RunOutcome,
  type RunStatus,
  type StateChange,
  type StateUpdate,
  type Undone,
  unresolvedTrouble,
} from "../../state/index.js";
import {
  type AgentServices,
  createNodeContext,
  MAX_PROMPT_OUTPUT_BYTES,
  MAX_STATE_OUTPUT_BYTES,
  type NodeContext,
  type StorageError,
  storageOf,
  timeNow,
} from "../run/index.js";
import { describeFailure, describeProgress, describeUndone } from "./progress.js";
import { toPlanMessages } from "./shown/index.js";
import { type EndedBy, needsUndo } from "./undo-needed.js";

interface Ending {
  readonly status: Exclude<RunStatus, "planning" | "executing" | "waiting">;
  /** Why the run ends, as a sentence. */
  readonly reason: string;
  readonly code?: RunOutcome["code"];
  readonly understood?: string;
  readonly response: string;
  /** The id of the message with the response. */
  readonly messageId: string;
  /** Who or what ends it. @default a model judged so */
  readonly endedBy?: EndedBy;
  /** What was undone; left out if nothing had to be. */
  readonly undone?: readonly Undone[];
}

/**
 * The update that ends a run: status, outcome, and the response as the last message of the conversation. If what the
 * run did has to be undone first, the update begins that instead.
 */
export function finish(state: AgentState, ending: Ending, context: NodeContext): StateChange {
  const { status, code, understood, messageId, undone, endedBy = "judged" } = ending;
  const reason = cutText(ending.reason, MAX_PROMPT_OUTPUT_BYTES);
  if (undone === undefined && code === undefined && needsUndo(state, { status, endedBy }, context)) {
    return beginUndo(state, { ...ending, reason }, context);
  }
  const told = undone === undefined ? [] : describeUndone(undone);
  const response = cutText([ending.response, ...told].join("\n\n"), MAX_STATE_OUTPUT_BYTES);
  context.services.seenOutputs.note(state.pastSteps);
  const { calls, inputTokens, outputTokens, costUsd } = context.modelCalls.budget.spent();
  const usage = { calls, inputTokens, outputTokens, costUsd };
  context.emit(
    status === "failed"
      ? { type: "agent.failed", reason, usage }
      : { type: "agent.completed", status, response, usage },
  );
  return {
    status,
    response,
    outcome: {
      status,
      reason,
      ...(code === undefined ? {} : { code }),
      ...(understood === undefined ? {} : { understood: cutText(understood, MAX_PROMPT_OUTPUT_BYTES) }),
      failed: unresolvedTrouble(state),
      left: leftSteps(state),
      ...(undone === undefined ? {} : { undone: [...undone] }),
    },
    undoing: null,
    messages: [...toPlanMessages(state), new AIMessage({ id: messageId, content: response })],
    request: null,
    suspended: [],
    verdict: null,
    words: null,
  };
}

/** Keeps how the run ends, for when what it did is undone. The executor does that. */
function beginUndo(state: AgentState, ending: Ending, { emit }: NodeContext): StateChange {
  const { status, understood, response, messageId } = ending;
  const isDone = status === "done";
  const reason = isDone ? `A step that is needed did not come out right. ${ending.reason}` : ending.reason;
  emit({ type: "undo.started", reason });
  return {
    undoing: withoutUndefined({
      status: isDone ? ("incomplete" as const) : status,
      reason,
      understood,
      response,
      messageId,
    }),
    status: "executing",
    messages: toPlanMessages(state),
    request: null,
    suspended: [],
    verdict: null,
    words: null,
  };
}

/** Ends a run because of a `ModelError` or a `LimitError`. Rethrows any other error. */
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
        endedBy: "code",
      },
      context,
    );
  }
  if (!(error instanceof ModelError)) {
    throw error;
  }
  const isRefused = error.code === "MODEL_REFUSED";
  // While a request waits, the turn that failed is not the thread's turn: the request stays what goes on.
  const status = isRefused ? "refused" : "failed";
  const endedBy = "code";
  const isUndone = needsUndo(state, { status, endedBy }, context);
  const goesOn = !isRefused && !isUndone && state.request === null && canGoOn(context);
  const response = isRefused
    ? describeProgress(state, error.message)
    : describeFailure(state, error.code, node, goesOn);
  const change = finish(state, { status, reason: error.message, response, messageId, endedBy }, context);
  if (!goesOn) {
    return change;
  }
  const { words, suspended, verdict } = state;
  const failure = { node, at: timeNow(context.services) };
  return { ...change, failure, words, suspended, verdict };
}

/**
 * Whether a null input can continue this run. A run inside another graph ends with its status instead, because that
 * graph may know what to do and must not stop.
 */
function canGoOn({ config: { configurable } }: NodeContext): boolean {
  return checkpointerIn(configurable) !== undefined && !isInsideGraph(configurable?.checkpoint_ns);
}

/**
 * Ends a run that cannot be stored. Only the caller gets this end. In the database, the thread stays at the last point
 * that was stored, and continues from there.
 */
export function endUnstored(state: AgentState, failure: StorageError, context: NodeContext): StateChange {
  const { message: reason, code } = failure;
  if (context.storage !== undefined) {
    context.storage.isTold = true;
  }
  const response = describeProgress(state, reason);
  const messageId = context.services.createId();
  return {
    ...finish(state, { status: "failed", reason, code, response, messageId }, context),
    failure: null,
  };
}

/**
 * Wraps a node so that it begins only after everything before it is stored, whatever the run's `durability`. If that
 * fails, the run ends instead.
 */
export function whileStored(
  services: AgentServices,
  node: (state: AgentState, config: LangGraphRunnableConfig) => Promise<StateUpdate>,
): typeof node {
  return async (state, config) => {
    const storage = storageOf(config);
    await storage?.settledAfterTurn(config.signal);
    const failure = storage?.failure;
    if (failure === undefined) {
      return node(state, config);
    }
    return endUnstored(state, failure, createNodeContext(services, state, config));
  };
}
