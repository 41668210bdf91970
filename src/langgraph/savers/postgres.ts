// LangGraph's saver and store for PostgreSQL, from inside. This package uses their pools, reads and deletes rows of the
// saver's tables (`checkpoint/postgres`), and has the saver count versions in another way.
import type { BaseCheckpointSaver } from "@langchain/langgraph";

/** The saver's tables, and the columns that are used of them. */
export const POSTGRES_TABLES = {
  checkpoints: ["thread_id", "checkpoint_ns", "checkpoint_id", "checkpoint"],
  checkpoint_writes: ["thread_id", "checkpoint_ns", "checkpoint_id"],
  checkpoint_blobs: ["thread_id", "checkpoint_ns", "channel", "version"],
} as const;

/** The saver's pool: its own property, hidden only from types. */
export function poolOfSaver(saver: object): unknown {
  return Reflect.get(saver, "pool");
}

/** The store's pool. */
export function poolOfStore(store: object): unknown {
  return Reflect.get(Object(Reflect.get(store, "core")), "pool");
}

/**
 * Gives the values of each branch of a thread versions of their own. A saver that keeps values by channel and version,
 * as PostgreSQL's does, takes a version for granted that it has: counted in whole numbers, as LangGraph.js counts, the
 * second branch from a checkpoint comes to the versions of the first, and reads the first one's values. A random
 * fraction keeps them apart and in order; a thread that was counted in whole numbers goes on.
 */
export function separateBranches(saver: BaseCheckpointSaver, random: () => number = Math.random): void {
  saver.getNextVersion = (current: number | undefined) => Math.floor(current ?? 0) + 1 + random();
}
