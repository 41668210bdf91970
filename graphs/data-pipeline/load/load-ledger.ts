import type { JsonValue } from "langgraph-plan-execute";
import type { Database } from "../../shared/open-database.js";
import type { QuarantinedRow } from "../dataset.js";

/** The table, beside what is loaded, of the calls that have loaded it. */
export const LOADS_TABLE = "pipeline_loads";
/** The table, beside what is loaded, of the rows that were not. */
export const QUARANTINE_TABLE = "pipeline_quarantine";

/** Makes the tables that every loaded database has. */
export function prepareLedger(database: Database): void {
  database.exec(`
    create table if not exists ${LOADS_TABLE} (key text primary key, run text, result text,
      loaded_at text default current_timestamp);
    create table if not exists ${QUARANTINE_TABLE} (run text, table_name text, source text, source_row integer,
      reason text, content text, loaded_at text default current_timestamp);
  `);
}

/** What the call with this key has loaded, if it has. */
export function findLoad(database: Database, key: string): JsonValue | undefined {
  const row = database.prepare(`select result from ${LOADS_TABLE} where key = ?`).get(key);
  return row === undefined ? undefined : JSON.parse(String(row.result));
}

/** Enters a load and the rows that were left out of it, in the transaction of the load itself. */
export function enterLoad(
  database: Database,
  { key, id }: { readonly key: string; readonly id: string },
  result: JsonValue,
  quarantined: readonly QuarantinedRow[],
): void {
  database
    .prepare(`insert into ${LOADS_TABLE} (key, run, result) values (?, ?, ?)`)
    .run(key, id, JSON.stringify(result));
  // Another load of the same run has entered them as well.
  database.prepare(`delete from ${QUARANTINE_TABLE} where run = ?`).run(id);
  const insert = database.prepare(
    `insert into ${QUARANTINE_TABLE} (run, table_name, source, source_row, reason, content) values (?, ?, ?, ?, ?, ?)`,
  );
  for (const { table, source, row, reason, content } of quarantined) {
    insert.run(id, table, source, row, reason, content);
  }
}
