import type { BaseCheckpointSaver, BaseStore } from "@langchain/langgraph";
import type { PackageLoader } from "../langgraph/index.js";
import type { LockThread } from "./thread-locks.js";

/** Where checkpoints or entries are kept. */
export type CheckpointerKind = "memory" | "sqlite" | "postgres";

/** What a driver opens. */
export interface OpenedCheckpoints {
  /** The checkpointer itself, for code that takes it out of what was opened. */
  readonly checkpointer: BaseCheckpointSaver;
  readonly kind: CheckpointerKind;
  /** Keeps everybody else away from a thread; `withThreadLock` uses it. */
  readonly lockThread: LockThread;
  /** Finds and removes old checkpoints; `deleteThreadsOlderThan` and `trimThread` use it. */
  readonly retention: CheckpointRetention;
  /** Releases locks and the file or connections. A second call does nothing. */
  readonly close: () => Promise<void>;
}

/** A checkpointer that is ready for use, and how to close it. Pass it to an agent or to `compile` as it is. */
export interface OpenCheckpointer extends BaseCheckpointSaver, OpenedCheckpoints {}

/** Options for opening a checkpointer. */
export interface CheckpointerOptions {
  /**
   * Converts states and writes to the stored form and back.
   * @default LangGraph's own: JSON
   */
  readonly serializer?: BaseCheckpointSaver["serde"];
  /**
   * Imports a database's package by name.
   * @default the runtime's own import
   */
  readonly load?: PackageLoader;
}

/** Opens a checkpointer for one form of URL. */
export type CheckpointerDriver = (
  url: string,
  options: CheckpointerOptions & { readonly load: PackageLoader },
) => Promise<OpenedCheckpoints>;

/** What a driver opens. */
export interface OpenedEntries {
  /** The store itself, for code that takes it out of what was opened. */
  readonly store: BaseStore;
  readonly kind: CheckpointerKind;
  /** Releases the file or the connections. A second call does nothing. */
  readonly close: () => Promise<void>;
}

/** A store that is ready for use, and how to close it. Pass it to an agent or to `compile` as it is. */
export interface OpenStore extends BaseStore, OpenedEntries {}

/** Options for opening a store. */
export interface StoreOptions {
  /**
   * Converts values to the stored form and back. Values can then no longer be searched. The serializer of
   * `createEncryptedSerializer` encrypts them.
   * @default none: values are kept as JSON
   */
  readonly serializer?: NonNullable<CheckpointerOptions["serializer"]>;
  /**
   * Imports a database's package by name.
   * @default the runtime's own import
   */
  readonly load?: PackageLoader;
}

/** Opens a store for one form of URL. */
export type StoreDriver = (url: string, load: PackageLoader) => Promise<OpenedEntries>;

/** The operations that keep a database small. `deleteThreadsOlderThan` and `trimThread` are built on them. */
export interface CheckpointRetention {
  /**
   * Finds the threads whose newest checkpoint has an id smaller than this one, and returns that newest id with each.
   */
  readonly threadsBefore: (checkpointId: string) => Promise<{ threadId: string; newestId: string }[]>;
  /** Returns a thread's checkpoint ids by namespace, newest first. */
  readonly checkpointIds: (threadId: string) => Promise<ReadonlyMap<string, readonly string[]>>;
  /** Removes a namespace's checkpoints with smaller ids, and what only they needed. Returns how many. */
  readonly removeBefore: (threadId: string, namespace: string, checkpointId: string) => Promise<number>;
}

/** Groups checkpoint ids by namespace, in the order of the rows. */
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
