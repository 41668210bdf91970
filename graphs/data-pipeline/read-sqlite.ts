import { basename } from "node:path";
import { openDatabase, type SqlValue } from "../shared/open-database.js";
import type { Raw } from "./cell.js";
import { nameColumns, type SourceTable } from "./source-rows.js";

/** A name as SQL has it, whatever is in it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table or view of a SQLite file, which is not changed; integers beyond what is exact, and bytes, come as text. */
export async function readSqlite(path: string, table: string): Promise<SourceTable> {
  const database = await openDatabase(path, { readOnly: true });
  try {
    const names = database
      .prepare("select name from pragma_table_info(?)")
      .all(table)
      .map(({ name }) => String(name));
    if (names.length === 0) {
      throw new Error("there is no such table.");
    }
    const values = names.map((name, index) => `${exactly(quoteName(name))} as c${index}`);
    const found = database.prepare(`select ${values.join(", ")} from ${quoteName(table)}`).all();
    const rows = found.map((record, index) => ({
      row: index + 1,
      values: names.map((_, column) => toRaw(record[`c${column}`] ?? null)),
    }));
    return { columns: nameColumns(names), rows, isTyped: true };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`"${table}" cannot be read from "${basename(path)}": ${reason}`, { cause });
  } finally {
    database.close();
  }
}

/** JavaScript's numbers end where 64 bits do not. */
function exactly(column: string): string {
  const large = `typeof(${column}) = 'integer' and ${column} not between -9007199254740991 and 9007199254740991`;
  return `case when ${large} then cast(${column} as text) when typeof(${column}) = 'blob' then hex(${column}) else ${column} end`;
}

function toRaw(value: SqlValue): Raw {
  if (typeof value === "bigint") {
    return String(value);
  }
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}
