import { dirname } from "node:path";
import { makePrivateFile, makePrivateFolder } from "./private-files.js";

/** What SQLite keeps in a column. */
export type SqlValue = string | number | bigint | Uint8Array | null;
/** A row, by column. */
export type SqlRow = Record<string, SqlValue>;

/** What a statement is given: a value for each "?", or an object with the values of all names such as ":order". */
export type SqlInput = SqlValue | Readonly<Record<string, SqlValue>>;

/** A prepared statement. */
export interface Statement {
  all(...values: readonly SqlInput[]): SqlRow[];
  get(...values: readonly SqlInput[]): SqlRow | undefined;
  run(...values: readonly SqlInput[]): { readonly changes: number };
}

/** A SQLite database: as much of better-sqlite3 as the graphs use. */
export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** Runs all of the work or, if it throws, none of it. Nobody else writes in the meantime. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface OpenDatabaseOptions {
  /** Whether it is only read. The file must then exist, and nothing in it or beside it is changed. @default false */
  readonly readOnly?: boolean;
}

/** Opens a SQLite file, and makes it and its folder if they do not exist. */
export async function openDatabase(
  path: string,
  { readOnly = false }: OpenDatabaseOptions = {},
): Promise<Database> {
  const { default: Sqlite } = await loadSqlite();
  if (path !== ":memory:" && !readOnly) {
    makePrivateFolder(dirname(path));
    makePrivateFile(path);
  }
  const database = new Sqlite(path, { readonly: readOnly });
  if (!readOnly) {
    database.pragma("journal_mode = WAL");
  }
  database.pragma("busy_timeout = 5000");
  database.pragma("foreign_keys = ON");
  return {
    prepare: (sql) => {
      const statement = database.prepare<SqlInput[], SqlRow>(sql);
      return {
        all: (...values) => statement.all(...values),
        get: (...values) => statement.get(...values),
        run: (...values) => statement.run(...values),
      };
    },
    exec: (sql) => {
      database.exec(sql);
    },
    transaction: (work) => database.transaction(work).immediate(),
    close: () => {
      database.close();
    },
  };
}

async function loadSqlite() {
  try {
    return await import("better-sqlite3");
  } catch (cause) {
    throw new Error(
      "This graph keeps its data in SQLite, and better-sqlite3 cannot be loaded. Install it: npm install better-sqlite3@12.11.1",
      { cause },
    );
  }
}
