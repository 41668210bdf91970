// The insides of LangGraph's saver and store for PostgreSQL. This package uses their pools, reads and deletes rows of
// the saver's tables (`checkpoint/postgres`), and changes how the saver counts versions.
import type { BaseCheckpointSaver } from "@langchain/langgraph";

/** The saver's tables, and the columns of them that this package uses. */
export const POSTGRES_TABLES = {
  checkpoints: ["thread_id", "checkpoint_ns", "checkpoint_id", "checkpoint"],
  checkpoint_writes: ["thread_id", "checkpoint_ns", "checkpoint_id"],
  checkpoint_blobs: ["thread_id", "checkpoint_ns", "channel", "version"],
} as const;

/** Returns the saver's pool. It is a plain property that only the types hide. */
export function poolOfSaver(saver: object): unknown {
  return Reflect.get(saver, "pool");
}

/** Returns the store's pool. */
export function poolOfStore(store: object): unknown {
  return Reflect.get(Object(Reflect.get(store, "core")), "pool");
}

/**
 * Gives the values of each branch of a thread versions of their own. PostgreSQL's saver keeps values by channel and
 * version, and does not write a version again that it already has. LangGraph.js counts versions in whole numbers, so
 * the second branch from a checkpoint would reach the versions of the first branch and read the first branch's values.
 * A random fraction keeps the branches apart and the versions in order. A thread with whole numbers can go on.
 */
export function separateBranches(saver: BaseCheckpointSaver, random: () => number = Math.random): void {
  saver.getNextVersion = (current: number | undefined) => Math.floor(current ?? 0) + 1 + random();
}
