import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { cannotOpen, unknownUrl } from "./checkpointer-error.js";
import { hasFunction, loadOptionalPackage, type PackageLoader, packageMissing } from "./load-package.js";
import { makePrivateFile } from "./private-file.js";

const sqlitePackage = { name: "@langchain/langgraph-checkpoint-sqlite", version: "1.0.4" };
const busyTimeoutMs = 5_000;

/** What is used of better-sqlite3. Said here, so that it compiles where SQLite could not be built. */
export type SqliteDatabase = {
  pragma(source: string): unknown;
  exec(source: string): unknown;
  prepare(source: string): SqliteStatement;
  transaction<Result>(work: () => Result): { immediate(): Result };
  close(): unknown;
};

/** A statement, ready to be run again and again. */
export type SqliteStatement = {
  run(...values: readonly unknown[]): { readonly changes: number };
  all(...values: readonly unknown[]): unknown[];
  get(...values: readonly unknown[]): unknown;
  iterate(...values: readonly unknown[]): IterableIterator<unknown>;
};

/** What is used of the package: it brings the database, and gives it out only inside a saver. */
export type SqliteSaver = BaseCheckpointSaver & { readonly db: SqliteDatabase };
type SqliteModule = { SqliteSaver: { fromConnString(path: string): SqliteSaver } };

/**
 * Opens `sqlite:<path>` or `sqlite::memory:`: writers wait for each other, and readers for nobody. What `prepare` does
 * with the database belongs to the opening: if it fails, the file is closed again.
 */
export async function openSqliteDatabase<Opened>(
  url: string,
  load: PackageLoader,
  prepare: (saver: SqliteSaver) => Opened | Promise<Opened>,
): Promise<Opened> {
  const path = pathOf(url);
  const { SqliteSaver } = await loadOptionalPackage(sqlitePackage, isSqliteModule, load);
  let saver: SqliteSaver | undefined;
  try {
    if (path !== ":memory:") makePrivateFile(path);
    saver = SqliteSaver.fromConnString(path);
    saver.db.pragma(`busy_timeout = ${busyTimeoutMs}`);
    saver.db.pragma("journal_mode = WAL");
    return await prepare(saver);
  } catch (cause) {
    saver?.db.close();
    if (isNotBuilt(cause))
      throw packageMissing(sqlitePackage, "has no SQLite that was built for this Node", cause);
    throw cannotOpen(`the SQLite database ${path}`, cause);
  }
}

function pathOf(url: string): string {
  // The driver takes the spaces around a path away, and nothing but spaces for a database that is thrown away.
  const path = url.replace(/^sqlite:(\/\/)?/i, "").trim();
  if (path === "") throw unknownUrl("sqlite: needs a path");
  return path;
}

function isSqliteModule(module: unknown): module is SqliteModule {
  return hasFunction(Reflect.get(Object(module), "SqliteSaver"), "fromConnString");
}

/** better-sqlite3 looks for its binary when a database is opened, not when it is imported. */
function isNotBuilt(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if ("code" in cause && (cause.code === "ERR_DLOPEN_FAILED" || cause.code === "MODULE_NOT_FOUND"))
    return true;
  return cause.message.startsWith("Could not locate the bindings file");
}
