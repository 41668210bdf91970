// Where LangGraph keeps a node's questions and answers. The answers are in the node's scratchpad, or in a map by the
// question's id. The questions are among the pending writes of the outermost graph's checkpoint, and so is what tasks
// return.
import type { RunnableConfig } from "@langchain/core/runnables";
import { type BaseCheckpointSaver, INTERRUPT } from "@langchain/langgraph";
import { namespaceOfGraph } from "./namespace.js";
import { checkpointerIn } from "./run-checkpointer.js";
import { RETURNED } from "./savers/index.js";

type Configurable = NonNullable<RunnableConfig["configurable"]>;

/** The answers that LangGraph has for a node's questions. */
export interface Answers {
  /** The answers to this node, in order: the stored ones, then the one that this run brought for it by its id. */
  readonly resume: readonly unknown[];
  /** The answer for whichever node asks. This run brought it, or one that was cut off. */
  readonly forAnybody?: unknown;
  /** This run's answers by the ids of their questions. Undefined if it brought none that way. */
  readonly byId?: object;
}

/** A question that was shown to a person, and the id that LangGraph gave it. */
export interface Question {
  readonly id: unknown;
  readonly value: unknown;
}

/** Reads the answers that LangGraph has for a node. */
export function answersIn({
  __pregel_scratchpad: scratchpad,
  __pregel_resume_map: byId,
}: Configurable): Answers {
  const resume: unknown = Reflect.get(Object(scratchpad), "resume");
  const forAnybody: unknown = Reflect.get(Object(scratchpad), "nullResume");
  return {
    resume: Array.isArray(resume) ? [...resume] : [],
    forAnybody,
    byId: typeof byId === "object" && byId !== null ? byId : undefined,
  };
}

/**
 * Reads all questions that waited in the outermost graph when this run began. Finds none if they are stored elsewhere.
 */
export async function questionsIn(configurable: Configurable): Promise<readonly Question[]> {
  const tuple = await tupleOf(configurable, "");
  return writesOf(tuple).flatMap((write) => {
    const [, channel, asked] = Array.isArray(write) ? write : [];
    if (channel !== INTERRUPT) {
      return [];
    }
    // LangGraph 1.4 wrote a nested graph's question as a single value, not as a list.
    return [asked].flat().map((one: unknown) => ({
      id: Reflect.get(Object(one), "id"),
      value: Reflect.get(Object(one), "value"),
    }));
  });
}

/** How many checkpoints back the superstep may be that was cut off. Each input adds two. */
const MAX_BACK = 20;

/**
 * Reads what tasks had returned in the superstep that was cut off when this run's input came. LangGraph drops it,
 * because a new input goes on with nothing. Call it in the first superstep of a run.
 */
export async function returnedBefore(configurable: Configurable): Promise<readonly unknown[]> {
  const saver = checkpointerIn(configurable);
  let tuple = await tupleOf(configurable, namespaceOfGraph(configurable.checkpoint_ns));
  for (let back = 0; back < MAX_BACK && isReadable(saver); back++) {
    const before: unknown = Reflect.get(Object(tuple), "parentConfig");
    if (typeof before !== "object" || before === null) {
      break;
    }
    tuple = await saver.getTuple(before);
    const returned = returnedIn(tuple);
    if (returned.length > 0) {
      return returned;
    }
  }
  return [];
}

/** Reads what tasks have returned so far in the superstep of a thread that has not been committed. */
export async function returnedSoFar(
  checkpointer: Pick<BaseCheckpointSaver, "getTuple">,
  threadId: string,
): Promise<readonly unknown[]> {
  return returnedIn(
    await checkpointer.getTuple({ configurable: { thread_id: threadId, checkpoint_ns: "" } }),
  );
}

/** The checkpoint at which this run's superstep began, or undefined if it is stored elsewhere. */
async function tupleOf(configurable: Configurable, checkpoint_ns: string): Promise<unknown> {
  const { thread_id, checkpoint_map: ids } = configurable;
  const saver = checkpointerIn(configurable);
  const checkpoint_id: unknown = Reflect.get(Object(ids), checkpoint_ns);
  return isReadable(saver) && typeof checkpoint_id === "string"
    ? saver.getTuple({ configurable: { thread_id, checkpoint_ns, checkpoint_id } })
    : undefined;
}

function returnedIn(tuple: unknown): readonly unknown[] {
  return writesOf(tuple).flatMap((write) => {
    const [, channel, value] = Array.isArray(write) ? write : [];
    return channel === RETURNED ? [value] : [];
  });
}

function writesOf(tuple: unknown): readonly unknown[] {
  return Reflect.get(Object(tuple), "pendingWrites") ?? [];
}

function isReadable(saver: unknown): saver is { getTuple(config: object): Promise<unknown> } {
  return typeof saver === "object" && saver !== null && "getTuple" in saver;
}
