// What a run is given. LangGraph would answer most mistakes with a raw ZodError, or with an error about a node that no
// user knows.
import type { RunnableConfig } from "@langchain/core/runnables";
import { isCommand, type StateSnapshot } from "@langchain/langgraph";
import { describeError } from "../base/index.js";
import { checkpointerIn, isNested } from "../langgraph/index.js";
import { InputError } from "../runtime/index.js";
import { readMessages } from "./open-channels.js";

const EXAMPLE = 'Pass { input: "…" }, or { messages } that end with a person\'s.';

/**
 * Reads the input of a run. A text is the goal, and a message alone is a conversation. Throws an `InputError` if the
 * input cannot be read. Commands and null stay as they are.
 */
export function readInput(input: unknown): unknown {
  if (input === null || input === undefined || isCommand(input)) {
    return input;
  }
  if (typeof input === "string") {
    return { input };
  }
  if (typeof input !== "object" || Array.isArray(input)) {
    const what = Array.isArray(input) ? "a list" : `a ${typeof input}`;
    throw new InputError("INPUT_INVALID", `The input is ${what}. ${EXAMPLE}`);
  }
  const goal: unknown = Reflect.get(input, "input");
  if (goal !== undefined && typeof goal !== "string") {
    throw new InputError("INPUT_INVALID", `The input's \`input\` is no text. ${EXAMPLE}`);
  }
  const given: unknown = Reflect.get(input, "messages");
  if (given === undefined) {
    return input;
  }
  const messages = Array.isArray(given) ? given : [given];
  try {
    readMessages(messages);
  } catch (error) {
    throw new InputError(
      "MESSAGES_UNREADABLE",
      `The input's messages cannot be read: ${describeError(error)}.`,
    );
  }
  return { ...input, messages };
}

/** What `assertBegun` needs of a compiled graph. */
interface ReadableGraph {
  readonly checkpointer?: unknown;
  getState(config: RunnableConfig): Promise<StateSnapshot>;
}

/** Throws an `InputError` if a run without an input is to go on with a thread that has not begun. */
export async function assertBegun(graph: ReadableGraph, input: unknown, options: RunnableConfig) {
  const threadId: unknown = options.configurable?.thread_id;
  // Inside another graph LangGraph itself knows what to go on with.
  if ((input !== null && input !== undefined) || isNested(options)) {
    return;
  }
  const isKept =
    threadId !== undefined && Boolean(checkpointerIn(options.configurable) ?? graph.checkpointer);
  if (isKept && (await graph.getState(options)).createdAt !== undefined) {
    return;
  }
  const why = isKept
    ? `thread ${JSON.stringify(threadId)} has not begun`
    : "the run names no thread that a checkpointer keeps";
  throw new InputError("NOTHING_TO_CONTINUE", `There is nothing to go on with: ${why}. ${EXAMPLE}`);
}

/**
 * Throws an `InputError` if a run with a new input would leave an undo unfinished: the input begins a new turn, and the
 * turn before would be forgotten with what it did.
 */
export async function assertUndone(graph: ReadableGraph, input: unknown, options: RunnableConfig) {
  const isNew = input !== null && input !== undefined && !isCommand(input);
  const { thread_id: threadId, checkpoint_id: checkpointId } = options.configurable ?? {};
  const isKept =
    threadId !== undefined && Boolean(checkpointerIn(options.configurable) ?? graph.checkpointer);
  if (!isNew || !isKept || checkpointId || isNested(options)) {
    return;
  }
  const { values } = await graph.getState(options);
  if (values?.undoing != null) {
    throw new InputError(
      "UNDO_UNFINISHED",
      `The last turn of thread ${JSON.stringify(threadId)} is still being undone. Answer what waits, or go on with invoke(null, thread); then give the new goal.`,
    );
  }
}
