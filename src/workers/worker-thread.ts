// A worker's graph runs outside of the node's surroundings and on a thread of its own. Inside of them, two workers that
// ask would show one question, and both would take the answer to it. What it keeps stands in the checkpointer of the
// run, whichever the graph was compiled with, as a part of the run's thread. Where the run has none, a graph keeps its
// thread where it keeps its own ones, if it does.
import type { RunnableConfig } from "@langchain/core/runnables";
import type { BaseCheckpointSaver, Command, StateSnapshot } from "@langchain/langgraph";
import { isRecord } from "../base/index.js";
import { isSaver, markOf, partOfThread, runDetached, withCheckpointer } from "../langgraph/index.js";
import type { WorkerQuestion } from "./questions.js";
import type { WorkerAgent } from "./worker.js";

/** The thread of a worker for one step. */
export interface WorkerThread {
  /** What the worker has come to; undefined if it has not begun. */
  read(): Promise<WorkerState | undefined>;
  /** Lets it work until it is done, asks, or fails. Rejects if it fails. */
  run(input: object | Command | null): Promise<void>;
}

/** The mark of what somebody wrote into a worker's thread who is not the worker, by an update from outside. */
const WRITTEN_BY_OTHERS = "others";

/** What the name of every worker's thread begins with. LangGraph's namespaces have no slash. */
const PREFIX = "worker/";

/** Names the thread of a worker, by what determines its work. */
export function nameThread(...parts: readonly string[]): string {
  return `${PREFIX}${parts.join("/")}`;
}

/** Whether a namespace is that of a worker's thread. */
export function isOfWorker(namespace: unknown): boolean {
  return typeof namespace === "string" && namespace.split("|").some((part) => part.startsWith(PREFIX));
}

/** How far a worker has come. */
export interface WorkerState {
  /** The values of its state. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether it has nothing more to do. */
  readonly isDone: boolean;
  /** What it asks a person. A question may still be there if its task has ended and a task beside it has not. */
  readonly questions: readonly WorkerQuestion[];
  /** Where it stands, by the names of its nodes. */
  readonly next: readonly string[];
  /** The mark that the thread was given when this was stored; undefined if nobody keeps marks. */
  readonly mark?: string;
}

/** What a worker's thread is made from. */
export interface WorkerThreadOptions {
  readonly agent: WorkerAgent;
  readonly threadId: string;
  /** The thread of the run, of which it is a part; undefined if the run has none. */
  readonly outer: { readonly threadId: string; readonly saver: BaseCheckpointSaver } | undefined;
  /** Written beside everything that is stored from now on. */
  readonly mark: string;
  readonly config: RunnableConfig;
  /** Gets what the worker writes to its stream. */
  readonly onChunk: (mode: unknown, chunk: unknown) => void;
}

/** Opens the thread of a graph that runs in this process. */
export function openLocalThread({
  agent,
  threadId,
  outer,
  mark,
  config,
  onChunk,
}: WorkerThreadOptions): WorkerThread {
  const compiledWith: unknown = Reflect.get(agent, "checkpointer");
  const kept = compiledWith === false ? undefined : outer;
  const isKept = kept !== undefined || isSaver(compiledWith);
  const own = { ...config.configurable, thread_id: threadId };
  const configurable =
    kept === undefined
      ? own
      : withCheckpointer(
          own,
          partOfThread(kept.saver, { threadId: kept.threadId, namespace: threadId, as: threadId, mark }),
        );
  let last: WorkerState | undefined;
  return {
    async read() {
      if (!isKept) {
        return last;
      }
      const snapshot = await readState(agent, { configurable });
      if (snapshot.createdAt === undefined) {
        return undefined;
      }
      const state = toState(snapshot);
      return kept === undefined ? state : { ...state, mark: state.mark ?? WRITTEN_BY_OTHERS };
    },
    async run(input) {
      await streamGraph(agent, input, { ...config, configurable, durability: "sync" }, (mode, chunk) => {
        if (mode === "values" && isRecord(chunk)) {
          last = { values: chunk, isDone: true, questions: [], next: [] };
        }
        onChunk(mode, chunk);
      });
    },
  };
}

/** Reads a snapshot of a graph, whose questions stand with the tasks that ask. */
export function toState(snapshot: StateSnapshot): WorkerState {
  const { values, tasks, next } = snapshot;
  const mark = markOf(snapshot);
  return {
    values: isRecord(values) ? values : {},
    // A superstep of which all tasks have ended may still have to be stored. It has tasks then, but nothing is next.
    isDone: tasks.length === 0,
    questions: tasks.flatMap(({ interrupts }) => interrupts.flatMap(toQuestion)),
    next,
    ...(mark === undefined ? {} : { mark }),
  };
}

function toQuestion(interrupt: object): WorkerQuestion[] {
  // A remote graph calls it by another name.
  const id: unknown = Reflect.get(interrupt, "id") ?? Reflect.get(interrupt, "interrupt_id");
  return typeof id === "string" ? [{ id, value: Reflect.get(interrupt, "value") }] : [];
}

/** Calls a method of a worker's agent. Its own types name its state, so what comes back is looked at. */
function call(agent: WorkerAgent, method: "stream" | "getState", given: readonly unknown[]): unknown {
  return Reflect.apply(agent[method], agent, given);
}

/** Reads the state of a graph. */
export async function readState(agent: WorkerAgent, config: RunnableConfig): Promise<StateSnapshot> {
  const snapshot: unknown = await runDetached(async () => call(agent, "getState", [config]));
  if (isSnapshot(snapshot)) {
    return snapshot;
  }
  throw new TypeError("getState() of the worker's agent gives no snapshot of a graph.");
}

/** Runs a graph, and gives each chunk of its stream. */
export async function streamGraph(
  agent: WorkerAgent,
  input: unknown,
  options: object,
  onChunk: (mode: unknown, chunk: unknown) => void,
): Promise<void> {
  await runDetached(async () => {
    const chunks: unknown = await call(agent, "stream", [
      input,
      { ...options, streamMode: ["values", "custom"] },
    ]);
    if (!isStream(chunks)) {
      throw new TypeError("stream() of the worker's agent gives no stream.");
    }
    for await (const chunk of chunks) {
      const [mode, value] = Array.isArray(chunk) ? chunk : [];
      onChunk(mode, value);
    }
  });
}

function isSnapshot(value: unknown): value is StateSnapshot {
  return typeof value === "object" && value !== null && "tasks" in value && Array.isArray(value.tasks);
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
