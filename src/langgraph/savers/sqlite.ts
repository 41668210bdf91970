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

const OLD_ROWS = "where thread_id = ? and checkpoint_ns = ? and checkpoint_id < ?";
const WRITE = `writes (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, value, large_values)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The statements on the saver's tables. `large_values` is a column of this package. */
export const SQLITE_SQL = {
  addCheckpoint: `insert or replace into checkpoints (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id,
    type, checkpoint, metadata, large_values) values (?, ?, ?, ?, ?, ?, ?, ?)`,
  addWrite: `insert or ignore into ${WRITE}`,
  replaceWrite: `insert or replace into ${WRITE}`,
  threadsBefore: `select thread_id as threadId, max(checkpoint_id) as newestId from checkpoints
    group by thread_id having max(checkpoint_id) < ?`,
  checkpointIds: `select checkpoint_ns, checkpoint_id from checkpoints where thread_id = ?
    order by checkpoint_id desc`,
  /** Of a thread and a namespace, what comes before the id that stays. */
  removeWrites: `delete from writes ${OLD_ROWS}`,
  removeCheckpoints: `delete from checkpoints ${OLD_ROWS}`,
  /** The ids of the large values that the rows of a thread name. */
  namedLargeValues: `select each.value from checkpoints, json_each(checkpoints.large_values) as each where thread_id = :thread
    union select each.value from writes, json_each(writes.large_values) as each where thread_id = :thread`,
} as const;
