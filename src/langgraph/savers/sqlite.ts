// LangGraph's saver for SQLite, from inside. This package opens its database, reads and deletes rows of its tables, writes
// them in its saver's place, and adds a column of its own (`checkpoint/sqlite`).
import type { BaseCheckpointSaver } from "@langchain/langgraph";

/** What is used of better-sqlite3. Said here, so that it compiles where SQLite could not be built. */
export interface SqliteDatabase {
  pragma(source: string): unknown;
  exec(source: string): unknown;
  prepare(source: string): SqliteStatement;
  transaction<Result>(work: () => Result): { immediate(): Result };
  close(): unknown;
}

/** A statement, ready to be run again and again. */
export interface SqliteStatement {
  run(...values: readonly unknown[]): { readonly changes: number };
  all(...values: readonly unknown[]): unknown[];
  get(...values: readonly unknown[]): unknown;
  iterate(...values: readonly unknown[]): IterableIterator<unknown>;
}

/** What is used of the saver: it brings the database, and gives it out as a member of its own. */
export type SqliteSaver = BaseCheckpointSaver & { readonly db: SqliteDatabase };

/** The saver's tables, and the columns that are used of them. */
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
