import type { BaseCheckpointSaver, BaseStore } from "@langchain/langgraph";
import type { PackageLoader } from "./load-package.js";
import type { LockThread } from "./thread-locks.js";

/** What keeps the checkpoints. */
export type CheckpointerKind = "memory" | "sqlite" | "postgres";

/** A checkpointer that is ready for use, and the way to let go of it. */
export interface OpenCheckpointer {
  /** What a graph is compiled with. */
  readonly checkpointer: BaseCheckpointSaver;
  /** What keeps the checkpoints. */
  readonly kind: CheckpointerKind;
  /** Keeps everybody else away from a thread; used by `withThreadLock`. */
  readonly lockThread: LockThread;
  /** What finds and removes old checkpoints; used by `deleteThreadsOlderThan` and `trimThread`. */
  readonly retention: CheckpointRetention;
  /** Lets go of locks, and releases the file or the connections; a second call does nothing. */
  readonly close: () => Promise<void>;
}

/** How a checkpointer is opened. */
export interface CheckpointerOptions {
  /**
   * Turns states and writes into what is kept, and back.
   * @default LangGraph's own: JSON
   */
  readonly serializer?: BaseCheckpointSaver["serde"];
  /**
   * Imports a database's package by its name.
   * @default the runtime's own import
   */
  readonly load?: PackageLoader;
}

/** Opens the checkpointer that one form of URL stands for. */
export type CheckpointerDriver = (
  url: string,
  options: CheckpointerOptions & { readonly load: PackageLoader },
) => Promise<OpenCheckpointer>;

/** A store that is ready for use, and the way to let go of it. */
export interface OpenStore {
  /** What an agent takes as its `store`. */
  readonly store: BaseStore;
  /** What keeps the entries. */
  readonly kind: CheckpointerKind;
  /** Releases the file or the connections; a second call does nothing. */
  readonly close: () => Promise<void>;
}

/** How a store is opened. */
export interface StoreOptions {
  /**
   * Turns values into what is kept, and back; values cannot be searched then. Encrypts them, if it is the serializer of
   * `createEncryptedSerializer`.
   * @default none: values are kept as JSON
   */
  readonly serializer?: NonNullable<CheckpointerOptions["serializer"]>;
  /**
   * Imports a database's package by its name.
   * @default the runtime's own import
   */
  readonly load?: PackageLoader;
}

/** Opens the store that one form of URL stands for. */
export type StoreDriver = (url: string, load: PackageLoader) => Promise<OpenStore>;

/** What can be asked of a database to keep it small; `deleteThreadsOlderThan` and `trimThread` are made of it. */
export interface CheckpointRetention {
  /** The threads whose newest checkpoint has a smaller id than this one, each with that newest id. */
  readonly threadsBefore: (checkpointId: string) => Promise<{ threadId: string; newestId: string }[]>;
  /** A thread's checkpoints, newest first, by namespace. */
  readonly checkpointIds: (threadId: string) => Promise<ReadonlyMap<string, readonly string[]>>;
  /** Removes the checkpoints of a namespace that have smaller ids, and what only they needed; returns how many. */
  readonly removeBefore: (threadId: string, namespace: string, checkpointId: string) => Promise<number>;
}

/** Gathers rows that come newest first. */
export function groupIds(
  rows: readonly { readonly checkpoint_ns: string; readonly checkpoint_id: string }[],
): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { checkpoint_ns, checkpoint_id } of rows) {
    const group = ids.get(checkpoint_ns);
    if (group === undefined) {
      ids.set(checkpoint_ns, [checkpoint_id]);
    } else {
      group.push(checkpoint_id);
    }
  }
  return ids;
}
