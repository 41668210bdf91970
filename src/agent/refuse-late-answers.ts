// Where nothing waits, LangGraph takes an answer for no input at all: no node runs that could refuse it, and the caller
// gets the thread's last state as if all were well. So it is refused before the run.
import type { RunnableConfig } from "@langchain/core/runnables";
import { isCommand, type StateSnapshot } from "@langchain/langgraph";
import { PlanExecuteError } from "../errors/index.js";
import { isNested } from "./take-command.js";

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
  if (!isCommand(input) || input.resume === undefined || threadId === undefined || isNested(options)) return;
  const { tasks } = await graph.getState({
    ...options,
    configurable: { ...configurable, checkpoint_ns: "" },
  });
  if (tasks.some(({ interrupts }) => interrupts.length > 0)) return;
  const { resume } = input;
  const requestId =
    typeof resume === "object" && resume !== null ? Reflect.get(resume, "requestId") : undefined;
  throw new AnswerError(threadId, requestId);
}
