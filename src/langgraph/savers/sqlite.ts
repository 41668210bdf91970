// The insides of LangGraph's saver for SQLite. This package opens the saver's database, reads and deletes rows of its
// tables, writes rows instead of the saver, and adds a column of its own (`checkpoint/sqlite`).
import type { BaseCheckpointSaver } from "@langchain/langgraph";

/** The part of better-sqlite3 that this package uses. It is declared here so that it compiles even without SQLite. */
export interface SqliteDatabase {
  pragma(source: string): unknown;
  exec(source: string): unknown;
  prepare(source: string): SqliteStatement;
  transaction<Result>(work: () => Result): { immediate(): Result };
  close(): unknown;
}

/** A prepared statement, which can run many times. */
export interface SqliteStatement {
  run(...values: readonly unknown[]): { readonly changes: number };
  all(...values: readonly unknown[]): unknown[];
  get(...values: readonly unknown[]): unknown;
  iterate(...values: readonly unknown[]): IterableIterator<unknown>;
}

/** The part of the saver that this package uses: the saver loads the database and exposes it as a member. */
export type SqliteSaver = BaseCheckpointSaver & { readonly db: SqliteDatabase };

/** The saver's tables, and the columns of them that this package uses. */
export const SQLITE_TABLES = {
  checkpoints: [
    "thread_id",
    "checkpoint_ns",
    "checkpoint_id",
    "parent_checkpoint_id",
    "type",
    "checkpoint",
    "metadata",
  ],
  writes: ["thread_id", "checkpoint_ns", "checkpoint_id", "task_id", "idx", "channel", "type", "value"],
} as const;
