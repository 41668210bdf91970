// What LangGraph keeps for a node's questions: the answers in the node's scratchpad, the answers that were brought by the
// question's id, and the questions themselves among the writes of the outermost graph's checkpoint.
import type { RunnableConfig } from "@langchain/core/runnables";
import { INTERRUPT } from "@langchain/langgraph";
import { checkpointerIn } from "./run-checkpointer.js";

type Configurable = NonNullable<RunnableConfig["configurable"]>;

/** What LangGraph keeps for the node's questions. */
export interface Answers {
  /** What was given to this node, in order: what is stored, and last what this run brought for it by its id. */
  readonly resume: readonly unknown[];
  /** What this run, or one that was cut off, brought for whoever asks. */
  readonly forAnybody?: unknown;
  /** What this run brought for questions by their ids; undefined where it brought none in that way. */
  readonly byId?: object;
}

/** A question that was shown to whoever answers, and the id that LangGraph gave it. */
export interface Question {
  readonly id: unknown;
  readonly value: unknown;
}

/** The answers that are there for a node. */
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

/** All that waited in the outermost graph when this run began; nothing where that is stored elsewhere. */
export async function questionsIn(configurable: Configurable): Promise<readonly Question[]> {
  const { thread_id, checkpoint_map: ids } = configurable;
  const saver = checkpointerIn(configurable);
  const checkpoint_id: unknown = Reflect.get(Object(ids), "");
  if (!isReadable(saver) || typeof checkpoint_id !== "string") {
    return [];
  }
  const tuple = await saver.getTuple({ configurable: { thread_id, checkpoint_ns: "", checkpoint_id } });
  const writes: readonly unknown[] = Reflect.get(Object(tuple), "pendingWrites") ?? [];
  return writes.flatMap((write) => {
    const [, channel, asked] = Array.isArray(write) ? write : [];
    if (channel !== INTERRUPT) {
      return [];
    }
    // LangGraph 1.4 wrote a nested graph's question by itself, not in a list.
    return [asked].flat().map((one: unknown) => ({
      id: Reflect.get(Object(one), "id"),
      value: Reflect.get(Object(one), "value"),
    }));
  });
}

function isReadable(saver: unknown): saver is { getTuple(config: object): Promise<unknown> } {
  return typeof saver === "object" && saver !== null && "getTuple" in saver;
}
