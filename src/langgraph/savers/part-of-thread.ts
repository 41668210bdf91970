// A part of a thread, as a saver for another graph. The other graph runs on a thread of its own name, and what it keeps
// stands in the outer thread, under a namespace. So whoever deletes, trims, counts or copies the thread has all of it.
//
//   (1) Reads and writes of the other graph's thread are turned into those of the outer thread and the namespace, and
//       what is found is turned back. LangGraph puts its own namespaces, of graphs inside, behind ours.
//   (2) A mark goes into the metadata of each checkpoint. LangGraph does not put a run's own metadata there.
//   (3) Symbols are hidden, by which our own wrappers find each other. An agent of ours stores its runs by itself.
import type { RunnableConfig } from "@langchain/core/runnables";
import type { BaseCheckpointSaver, CheckpointTuple, StateSnapshot } from "@langchain/langgraph";

/** Where a graph keeps its thread. */
export interface PartOfThread {
  /** The outer thread. */
  readonly threadId: string;
  /** The namespace in it. */
  readonly namespace: string;
  /** The name of the graph's own thread. */
  readonly as: string;
  /** Written beside everything that is stored from now on. */
  readonly mark: string;
}

/** The name of the mark in the metadata. */
const MARK = "plan_execute_mark";

/** Creates a saver for a graph that keeps its thread as a part of another one. */
export function partOfThread(saver: BaseCheckpointSaver, part: PartOfThread): BaseCheckpointSaver {
  const { threadId, namespace, as, mark } = part;
  const inward = (config: RunnableConfig): RunnableConfig => {
    const { thread_id, checkpoint_ns = "", ...others } = config.configurable ?? {};
    const inside = checkpoint_ns === "" ? namespace : `${namespace}|${checkpoint_ns}`;
    return thread_id === as
      ? { ...config, configurable: { ...others, thread_id: threadId, checkpoint_ns: inside } }
      : config;
  };
  const outward = (config: RunnableConfig): RunnableConfig => {
    const { checkpoint_ns = "", ...others } = config.configurable ?? {};
    const inside = String(checkpoint_ns).slice(namespace.length + 1);
    return { ...config, configurable: { ...others, thread_id: as, checkpoint_ns: inside } };
  };
  const toOwn = (tuple: CheckpointTuple): CheckpointTuple => ({
    ...tuple,
    config: outward(tuple.config),
    ...(tuple.parentConfig === undefined ? {} : { parentConfig: outward(tuple.parentConfig) }),
  });
  const own: Pick<BaseCheckpointSaver, "getTuple" | "list" | "put" | "putWrites" | "getDeltaChannelHistory"> =
    {
      async getTuple(config) {
        const tuple = await saver.getTuple(inward(config));
        return tuple && toOwn(tuple);
      },
      async *list(config, { before, ...options } = {}) {
        const earlier = before === undefined ? {} : { before: inward(before) };
        for await (const tuple of saver.list(inward(config), { ...options, ...earlier })) {
          yield toOwn(tuple);
        }
      },
      async put(config, checkpoint, metadata, newVersions) {
        const marked = Object.assign({}, metadata, { [MARK]: mark });
        return outward(await saver.put(inward(config), checkpoint, marked, newVersions));
      },
      putWrites: (config, writes, taskId) => saver.putWrites(inward(config), writes, taskId),
      getDeltaChannelHistory: (options) =>
        saver.getDeltaChannelHistory({ ...options, config: inward(options.config) }),
    };
  return new Proxy(saver, {
    get(_saver, key) {
      if (typeof key === "symbol") {
        return undefined;
      }
      const member: unknown = Reflect.get(Object.hasOwn(own, key) ? own : saver, key);
      // Methods run on the saver itself, because a proxy has no access to its private fields.
      return typeof member === "function" ? member.bind(saver) : member;
    },
  });
}

/** Returns the mark of a snapshot's checkpoint; undefined if it has none. */
export function markOf({ metadata }: Pick<StateSnapshot, "metadata">): string | undefined {
  const mark: unknown = Reflect.get(Object(metadata), MARK);
  return typeof mark === "string" ? mark : undefined;
}
