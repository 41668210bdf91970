// A command may answer what waits. Whatever else it can do in LangGraph would lead a run past a person's decision, or write
// into a thread what nobody has checked: so it goes nowhere, and what it updates is written as `updateState` writes it.
import type { RunnableConfig } from "@langchain/core/runnables";
import { Command, isCommand, type StateSnapshot } from "@langchain/langgraph";
import { PlanExecuteError } from "../base/index.js";
import { isNested, looksLikeCommand, withoutCheckpointMap } from "../langgraph/index.js";
import { StateUpdateError } from "../runtime/index.js";

/** What is used of a compiled graph. */
interface UpdatableGraph {
  updateState(config: RunnableConfig, values: unknown): Promise<RunnableConfig>;
}

/** What a run begins with, and with which options. */
interface RunStart<Options> {
  readonly input: unknown;
  readonly options: Options;
}

/**
 * The run that a command asks for: what it updates is written, and what is left of it is an answer, or nothing. Throws a
 * `StateUpdateError` where it asks for what cannot be, and where JSON only looks like one. Any other input is left as it
 * is.
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

/** The options with which a run goes on from what was written. */
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

// Where nothing waits, LangGraph takes an answer for no input at all: no node runs that could refuse it, and the caller
// gets the thread's last state as if all were well. So it is refused before the run.

/** An answer came to a thread in which nothing waits; it was not taken, and nothing was done. */
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

/** What is used of a compiled graph. */
interface AnswerableGraph {
  getState(config: RunnableConfig): Promise<StateSnapshot>;
}

/** Throws an `AnswerError` where a run is begun with an answer, and nothing waits in its thread. */
export async function assertWaiting(graph: AnswerableGraph, input: unknown, options: RunnableConfig = {}) {
  const { configurable } = options;
  const threadId: unknown = configurable?.thread_id;
  // Inside another graph, and without a thread, LangGraph itself knows whether there is anything to resume.
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
