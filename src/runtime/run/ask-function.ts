import { isGraphBubbleUp } from "@langchain/langgraph";
import { describeError, startDeadline } from "../../base/index.js";
import { runDetached } from "../../langgraph/index.js";
import { LimitError, ModelError } from "../../models/index.js";
import type { JudgedAnswer } from "../../prompts/index.js";
import type { NodeContext } from "./node-context.js";

/** How long a function may take: the milliseconds, and the option that sets them. */
interface TimeAllowed {
  readonly timeoutMs: number;
  readonly option: string;
}

/**
 * Calls a function that plays a role. It runs outside the node's surroundings, so an agent that it calls is no part of
 * this run. It is not waited for once its time is up or the signal aborts.
 */
export function callFunction<Reply>(
  call: (signal: AbortSignal) => Reply | Promise<Reply>,
  { timeoutMs, option }: TimeAllowed,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const late = `No answer came within ${timeoutMs} ms (${option}).`;
  const deadline = startDeadline(timeoutMs, late, signal);
  return deadline.race((own) => runDetached(async () => call(own)));
}

/**
 * Asks the function of a role that plans or answers. If it fails, that counts as the failure of a model: it throws a
 * `ModelError`. But it counts as no call, and it is not asked again, because only it knows whether that is worth it.
 */
export async function askFunction<Reply>(
  role: "planner" | "replanner" | "answer",
  call: (signal: AbortSignal) => Reply | Promise<Reply>,
  { modelCalls: { timeoutMs, signal } }: Pick<NodeContext, "modelCalls">,
): Promise<Reply> {
  signal?.throwIfAborted();
  try {
    return await callFunction(call, { timeoutMs, option: "modelTimeoutMs" }, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ModelError || error instanceof LimitError || isGraphBubbleUp(error)) {
      throw error;
    }
    const message = `The ${role}'s function failed: ${describeError(error)}`;
    throw new ModelError("MODEL_FAILED", message, { cause: error });
  }
}

/** Reads an answer of a function that also says whether the goal is reached; undefined if it is none. */
export function readJudgedAnswer({
  answer,
  reached,
}: Readonly<Record<string, unknown>>): JudgedAnswer | undefined {
  const isJudged = typeof answer === "string" && answer.trim() !== "" && typeof reached === "boolean";
  return isJudged ? { answer, reached } : undefined;
}
