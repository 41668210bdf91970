import { z } from "zod";
import {
  SQLITE_SQL,
  SQLITE_TABLES,
  type SqliteDatabase,
  type SqliteStatement,
} from "../../langgraph/index.js";

/** A large value as the serializer wrote it. */
export interface StoredValue {
  readonly id: string;
  readonly type: string;
  readonly value: Uint8Array;
  /** The ids that it contains. */
  readonly ids: readonly string[];
}

const rowSchema = z.object({ type: z.string(), value: z.instanceof(Uint8Array) });

/**
 * The large values of a file, each stored once per thread.
 *
 * If a row of the saver's tables contains ids, it lists them in a separate, unencrypted column, written by
 * the same statement. So SQL alone can tell which values are needed even if everything else is encrypted, and
 * deleting a row of the saver's also deletes its list.
 */
export class SqliteLargeValues {
  readonly #present: SqliteStatement;
  readonly #read: SqliteStatement;
  readonly #add: SqliteStatement;

  /** Creates missing tables and columns. */
  constructor(db: SqliteDatabase) {
    if (db.prepare("select 1 from sqlite_master where name = 'plan_execute_secret'").get() === undefined) {
      db.transaction(() => prepareFile(db)).immediate();
    }
    const one = "from plan_execute_large_values where thread_id = ? and id = ?";
    this.#present = db.prepare(`select 1 ${one}`);
    this.#read = db.prepare(`select type, value ${one}`);
    this.#add = db.prepare("insert or ignore into plan_execute_large_values values (?, ?, ?, ?, ?)");
  }

  /** Whether the thread has this value. */
  has(threadId: unknown, id: string): boolean {
    return this.#present.get(threadId, id) !== undefined;
  }

  /** Reads one of the thread's values in its stored form. */
  read(threadId: unknown, id: string): Pick<StoredValue, "type" | "value"> | undefined {
    const row = this.#read.get(threadId, id);
    return row === undefined ? undefined : rowSchema.parse(row);
  }

  /** Stores a value unless it is there already. Must run in the transaction that writes the row which needs it. */
  add(threadId: unknown, { id, type, value, ids }: StoredValue): void {
    this.#add.run(threadId, id, type, toNames(ids), value);
  }
}

/** Adds what is missing from a file of LangGraph's saver or of an older build of this package. */
function prepareFile(db: SqliteDatabase): void {
  db.exec(`create table if not exists plan_execute_large_values (
    thread_id text not null, id text not null, type text not null, ids text, value blob not null,
    primary key (thread_id, id)
  )`);
  for (const table of Object.keys(SQLITE_TABLES)) {
    const column = db.prepare("select 1 from pragma_table_info(?) where name = 'large_values'").get(table);
    if (column === undefined) {
      db.exec(`alter table ${table} add column large_values text`);
    }
  }
  db.exec(`create table if not exists plan_execute_secret (
    id integer primary key, type text not null, value blob not null
  )`);
}

/** Returns what a row with these ids has in its `large_values` column. */
export function toNames(ids: readonly string[]): string | null {
  return ids.length === 0 ? null : JSON.stringify(ids);
}

const REMOVE_UNNEEDED = `with recursive needed(id) as (
    ${SQLITE_SQL.namedLargeValues}
    union select each.value from needed
      join plan_execute_large_values as outer_value on outer_value.thread_id = :thread and outer_value.id = needed.id,
      json_each(outer_value.ids) as each
  )
  delete from plan_execute_large_values where thread_id = :thread and id not in (select id from needed)`;

/** Removes a thread's large values that no row needs any more. Must run in the transaction that removes the rows. */
export function removeUnneededValues(db: SqliteDatabase, threadId: unknown): void {
  db.prepare(REMOVE_UNNEEDED).run({ thread: threadId });
}
