import type { Database, SqlRow, SqlValue } from "../../shared/open-database.js";
import { type Cell, type Column, type ColumnType, showValue } from "../cell.js";
import { quoteName } from "../read-sqlite.js";

/** How rows meet those that are there. */
export type LoadMode = "upsert" | "append" | "replace";

/** A table to be loaded. */
export interface TableLoad {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly key: readonly string[];
  readonly mode: LoadMode;
}

/** What a load did to a table. */
export interface TableResult {
  readonly table: string;
  readonly rowsBefore: number;
  readonly loaded: number;
  /** How many of the rows before were replaced. */
  readonly replaced: number;
  readonly rowsAfter: number;
}

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  integer: "INTEGER",
  number: "REAL",
  boolean: "INTEGER",
  date: "TEXT",
  datetime: "TEXT",
  text: "TEXT",
  mixed: "",
};

/** Loads a table and looks at what stands there then; throws, within the caller's transaction, where it is not what was given. */
export function loadTable(database: Database, load: TableLoad): TableResult {
  const { table, columns, rows, key, mode } = load;
  if (columns.length === 0) {
    throw new Error(`"${table}" has no columns, so there is no table to be made.`);
  }
  const isNew = prepareTable(database, load);
  const rowsBefore = countRows(database, table);
  if (mode === "upsert" && key.length === 0 && rowsBefore > 0) {
    throw new Error(
      `The table "${table}" has ${rowsBefore} rows, and nothing tells which of the new ones are the same: it has no key. Say whether to append or to replace, or declare a key.`,
    );
  }
  let replaced = 0;
  if (mode === "replace") {
    replaced = database.prepare(`delete from ${quoteName(table)}`).run().changes;
  }
  const isMatched = mode === "upsert" && key.length > 0 && !isNew;
  const places = key.map((name) => columns.findIndex((column) => column.name === name));
  const remove = isMatched
    ? database.prepare(`delete from ${quoteName(table)} where ${matching(key)}`)
    : undefined;
  const insert = database.prepare(
    `insert into ${quoteName(table)} (${columns.map(({ name }) => quoteName(name)).join(", ")}) values (${columns.map(() => "?").join(", ")})`,
  );
  for (const row of rows) {
    const gone = remove?.run(...places.map((place) => row[place] ?? null)).changes ?? 0;
    if (gone > 1) {
      throw new Error(
        `In the table "${table}" ${gone} rows have the same ${key.join(", ")}: it is no key there, and one row would take the place of them all. Name a key that tells its rows apart.`,
      );
    }
    replaced += gone;
    insert.run(...row.map(toBound));
  }
  const rowsAfter = countRows(database, table);
  if (rowsAfter !== rowsBefore - replaced + rows.length) {
    throw new Error(`"${table}" has ${rowsAfter} rows after ${rows.length} were loaded into ${rowsBefore}.`);
  }
  compareWithLoaded(database, load, places);
  return { table, rowsBefore, loaded: rows.length, replaced, rowsAfter };
}

/** Makes the table where it is not there; one that is has to have the columns. */
function prepareTable(database: Database, { table, columns, rows, key }: TableLoad): boolean {
  const there = database
    .prepare("select name from pragma_table_info(?)")
    .all(table)
    .map(({ name }) => String(name).toLowerCase());
  if (there.length === 0) {
    const places = key.map((name) => columns.findIndex((column) => column.name === name));
    // SQLite numbers a missing integer key by itself, and takes several missing keys of other types.
    const isWhole = rows.every((row) => places.every((place) => row[place] !== null));
    const described = columns.map(({ name, type }) => `${quoteName(name)} ${SQL_TYPES[type]}`.trim());
    const primary = key.length > 0 && isWhole ? [`primary key (${key.map(quoteName).join(", ")})`] : [];
    database.exec(`create table ${quoteName(table)} (${[...described, ...primary].join(", ")})`);
    return true;
  }
  const missing = columns.filter(({ name }) => !there.includes(name.toLowerCase()));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => `"${name}"`).join(", ");
    throw new Error(
      `The table "${table}" is there and has no column ${names}. Load into another table, or add it.`,
    );
  }
  return false;
}

/** What SQLite made of the values, compared one by one where a key finds the row again. */
function compareWithLoaded(
  database: Database,
  { table, columns, rows, key }: TableLoad,
  places: readonly number[],
) {
  if (key.length === 0) {
    return;
  }
  const select = columns.map(({ name }, place) => `${quoteName(name)} as c${place}`);
  const find = database.prepare(
    `select ${select.join(", ")} from ${quoteName(table)} where ${matching(key)}`,
  );
  for (const row of rows) {
    const found: SqlRow = find.get(...places.map((place) => row[place] ?? null)) ?? {};
    for (const [place, column] of columns.entries()) {
      const value = found[`c${place}`];
      if (value === (row[place] ?? null)) {
        continue;
      }
      const kept =
        value === undefined ? "nothing" : showValue(value instanceof Uint8Array ? "bytes" : toShown(value));
      throw new Error(
        `"${table}" keeps ${kept} where ${column.name} is ${showValue(row[place] ?? null)}: the column there is of another type.`,
      );
    }
  }
}

/** The driver binds every number as a real one, which a column without a type keeps. */
function toBound(value: Cell): SqlValue {
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function toShown(value: string | number | bigint | null): Cell {
  return typeof value === "bigint" ? String(value) : value;
}

/** `is` also finds what is empty. */
function matching(key: readonly string[]): string {
  return key.map((name) => `${quoteName(name)} is ?`).join(" and ");
}

function countRows(database: Database, table: string): number {
  return Number(database.prepare(`select count(*) as rows from ${quoteName(table)}`).get()?.rows);
}
