// A saver that writes a mark into the metadata of each checkpoint. LangGraph does not put a run's own metadata there, and
// a graph's state is the graph's own. A snapshot shows the metadata of its checkpoint, and the mark in it.
import type { BaseCheckpointSaver, StateSnapshot } from "@langchain/langgraph";

/** The name of the mark in the metadata. */
const MARK = "plan_execute_mark";

/** Wraps a saver so that it marks the checkpoints that it writes. */
export function withMark(saver: BaseCheckpointSaver, mark: string): BaseCheckpointSaver {
  const put: BaseCheckpointSaver["put"] = (config, checkpoint, metadata, newVersions) =>
    saver.put(config, checkpoint, Object.assign({}, metadata, { [MARK]: mark }), newVersions);
  return new Proxy(saver, {
    get(_saver, key) {
      const member: unknown = key === "put" ? put : Reflect.get(saver, key);
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
