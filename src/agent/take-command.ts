// A command may answer a request that waits. Whatever else a command can do in LangGraph would lead a run past a
// person's decision, or write unchecked values into a thread. So `goto` is refused, and `update` is written as
// `updateState` would write it.
import type { RunnableConfig } from "@langchain/core/runnables";
import { Command, isCommand, type StateSnapshot } from "@langchain/langgraph";
import { PlanExecuteError } from "../base/index.js";
import { isNested, looksLikeCommand, withoutCheckpointMap } from "../langgraph/index.js";
import { StateUpdateError } from "../runtime/index.js";

/** What `takeCommand` needs of a compiled graph. */
interface UpdatableGraph {
  updateState(config: RunnableConfig, values: unknown): Promise<RunnableConfig>;
}

/** The input and the options that a run begins with. */
interface RunStart<Options> {
  readonly input: unknown;
  readonly options: Options;
}

/**
 * Prepares the run that a command asks for: writes the command's update, and keeps its answer, if it has one, as the
 * input. Throws a `StateUpdateError` if the command asks for something that is not allowed, or if the input is JSON
 * that only looks like a command. Any other input stays as it is.
 */
export async function takeCommand<Options extends RunnableConfig>(
  graph: UpdatableGraph,
  input: unknown,
  options: Options,
): Promise<RunStart<Options>> {
  if (!isCommand(input)) {
    if (looksLikeCommand(input)) {
      throw refused(
        "An input that looks like a Command is none: give a Command, over HTTP in the field `command`.",
      );
    }
    return { input, options };
  }
  const { goto, update, resume, graph: level } = input;
  if (Array.isArray(goto) ? goto.length > 0 : goto) {
    throw refused(
      "Command({ goto }) was not taken: a run goes where its state leads it. Answer what waits with " +
        "Command({ resume }), or steer the turn.",
    );
  }
  const answer = new Command({ resume, graph: level });
  if (!update) {
    return { input: answer, options };
  }
  if (isNested(options)) {
    throw refused("Inside another graph Command({ update }) is not taken: use updateState.");
  }
  const values: unknown = Array.isArray(update) ? Object.fromEntries(update) : update;
  if (resume === undefined) {
    return { input: null, options: await written(graph, options, values) };
  }
  if (Object.keys(values ?? {}).some((channel) => channel !== "messages")) {
    throw refused("Beside an answer Command({ update }) takes messages alone: write the rest before it.");
  }
  return { input: answer, options: await written(graph, options, values) };
}

/** Writes an update, and returns the options with which a run goes on from it. */
async function written<Options extends RunnableConfig>(
  graph: UpdatableGraph,
  options: Options,
  values: unknown,
): Promise<Options> {
  const thread = withoutCheckpointMap(options.configurable);
  await graph.updateState({ configurable: thread }, values);
  const { checkpoint_id: _id, ...latest } = thread;
  return { ...options, configurable: latest };
}

function refused(message: string): StateUpdateError {
  return new StateUpdateError("INVALID_UPDATE", message);
}

/** The error for an answer to a thread in which nothing waits. The answer was not taken, and nothing was done. */
export class AnswerError extends PlanExecuteError {
  readonly code = "NOTHING_WAITS";

  constructor(threadId: unknown, requestId: unknown) {
    const named = typeof requestId === "string" ? `Request ${requestId}` : "What it was an answer to";
    super(
      `Nothing waits in thread ${JSON.stringify(threadId)}, and the answer was not taken. ${named} was answered before, or ended ` +
        "with a new input or a change from outside. A run that was cut off goes on with invoke(null, config).",
    );
  }
}

/** What `assertWaiting` needs of a compiled graph. */
interface AnswerableGraph {
  getState(config: RunnableConfig): Promise<StateSnapshot>;
}

/**
 * Throws an `AnswerError` if a run begins with an answer and nothing waits in its thread. LangGraph would treat such an
 * answer as no input at all: no node would run that could refuse it, and the caller would get the thread's last state
 * as if all were well.
 */
export async function assertWaiting(graph: AnswerableGraph, input: unknown, options: RunnableConfig = {}) {
  const { configurable } = options;
  const threadId: unknown = configurable?.thread_id;
  // Inside another graph or without a thread, LangGraph itself knows whether there is anything to resume.
  if (!isCommand(input) || input.resume === undefined || threadId === undefined || isNested(options)) {
    return;
  }
  const { tasks } = await graph.getState({
    ...options,
    configurable: { ...configurable, checkpoint_ns: "" },
  });
  if (tasks.some(({ interrupts }) => interrupts.length > 0)) {
    return;
  }
  const { resume } = input;
  const requestId =
    typeof resume === "object" && resume !== null ? Reflect.get(resume, "requestId") : undefined;
  throw new AnswerError(threadId, requestId);
}
