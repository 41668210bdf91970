// The thread of a worker. Its name follows from the step, so whoever does the step again, after a kill or because a model
// was down, finds what the worker has done, and goes on with that.
//
//   (1) The name says all that determines what the worker is told. A step that was changed, or whose inputs are others,
//       or that was planned anew under its old id, has another name and begins anew.
//   (2) What a worker does also follows from what people answer. So with everything that is stored it is noted which
//       answers the worker had, and what was written without that note is not the worker's. In a fork people may answer
//       otherwise, and there the worker must not go on with what it did after the other answer: it begins anew, on a
//       thread of another name.
import type { RunnableConfig } from "@langchain/core/runnables";
import { fingerprint, raceSignal, stableStringify } from "../../../base/index.js";
import { type Decision, replacedResults, turnOf } from "../../../state/index.js";
import { nameThread, openWorkerThread, type Worker, type WorkerThread } from "../../../workers/index.js";
import type { Part, PartEnvironment } from "../part.js";

/** How many forks of one step may each have a thread. */
const MAX_FORKS = 100;

/** What goes with the runs of a worker. */
interface WorkerRuns {
  readonly config: RunnableConfig;
  readonly onChunk: (mode: unknown, chunk: unknown) => void;
}

/** Finds the thread on which a worker does a part, or goes on with it. */
export async function findThread(
  part: Part,
  { agent }: Worker,
  { context, state, past, signal }: PartEnvironment,
  runs: WorkerRuns,
): Promise<WorkerThread> {
  const { threadId } = context.requester;
  const saver = context.storage?.checkpointer;
  const outer = saver === undefined || threadId === undefined ? undefined : { threadId, saver };
  const name = nameOf(part, state);
  const decisions = past.decisionsOn(part.id);
  const marks = decisions.map((_, index) => markAfter(decisions.slice(0, index)));
  const mark = markAfter(decisions);
  for (let fork = 0; fork < MAX_FORKS; fork++) {
    const own = fork === 0 ? name : `${name}~${fork}`;
    const thread = openWorkerThread({ agent, threadId: own, outer, mark, ...runs });
    const found = await raceSignal(thread.read(), signal);
    if (found?.mark === undefined || [...marks, mark].includes(found.mark)) {
      return thread;
    }
  }
  throw new Error(`This step was begun in ${MAX_FORKS} forks of the thread. Begin a new turn.`);
}

function nameOf(part: Part, state: PartEnvironment["state"]): string {
  const { id, step, inputs } = part;
  const outputs = inputs.map((input) => [input.id, input.output ?? null]);
  const before = replacedResults(state).filter((result) => result.id === step.id).length;
  const told = fingerprint(stableStringify([step, outputs, before]));
  return nameThread(turnOf(state).id, id, told);
}

function markAfter(decisions: readonly Decision[]): string {
  const made = decisions.map(({ actionId, type, args = null, message = null, response = null }) => [
    actionId,
    type,
    args,
    message,
    response,
  ]);
  return fingerprint(stableStringify(made));
}
