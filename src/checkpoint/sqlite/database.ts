import { closeSync, fchmodSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder, PRIVATE_FOLDER } from "../../files/index.js";
import type { PackageLoader, SqliteSaver } from "../../langgraph/index.js";
import { cannotOpen, unknownUrl } from "../checkpointer-error.js";
import { hasFunction, loadOptionalPackage, packageMissing } from "../load-package.js";

const SQLITE_PACKAGE = "@langchain/langgraph-checkpoint-sqlite";
const BUSY_TIMEOUT_MS = 5_000;

/** The part of the package that we use. It brings the database, but exposes it only through a saver. */
interface SqliteModule {
  SqliteSaver: { fromConnString(path: string): SqliteSaver };
}

/**
 * Opens `sqlite:<path>` or `sqlite::memory:`. Writers wait for each other, and readers wait for nobody.
 * `prepare` is part of opening: if it fails, the file is closed again.
 */
export async function openSqliteDatabase<Opened>(
  url: string,
  load: PackageLoader,
  prepare: (saver: SqliteSaver) => Opened | Promise<Opened>,
): Promise<Opened> {
  const path = pathOf(url);
  const { SqliteSaver } = await loadOptionalPackage(SQLITE_PACKAGE, isSqliteModule, load);
  let saver: SqliteSaver | undefined;
  try {
    if (path !== ":memory:") {
      makePrivateFile(path);
    }
    saver = SqliteSaver.fromConnString(path);
    saver.db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    saver.db.pragma("journal_mode = WAL");
    return await prepare(saver);
  } catch (cause) {
    saver?.db.close();
    if (isNotBuilt(cause)) {
      throw packageMissing(SQLITE_PACKAGE, "has no SQLite that was built for this Node", cause);
    }
    throw cannotOpen(`the SQLite database ${path}`, cause);
  }
}

function pathOf(url: string): string {
  // The driver trims a path, and takes a path of only spaces as a temporary database.
  const path = url.replace(/^sqlite:(\/\/)?/i, "").trim();
  if (path === "") {
    throw unknownUrl("sqlite: needs a path");
  }
  return path;
}

function isSqliteModule(module: unknown): module is SqliteModule {
  return hasFunction(Reflect.get(Object(module), "SqliteSaver"), "fromConnString");
}

/** better-sqlite3 looks for its binary when a database is opened, not when the package is imported. */
function isNotBuilt(cause: unknown): boolean {
  if (!(cause instanceof Error)) {
    return false;
  }
  if ("code" in cause && (cause.code === "ERR_DLOPEN_FAILED" || cause.code === "MODULE_NOT_FOUND")) {
    return true;
  }
  return cause.message.startsWith("Could not locate the bindings file");
}

/**
 * Creates a missing file and the folders above it for their owner alone, from their first moment and whatever
 * the umask. What exists stays as it is. Throws if the path exists but is not a file, because a database that
 * opens a pipe waits forever.
 */
function makePrivateFile(path: string): void {
  makeFolder(dirname(path), PRIVATE_FOLDER);
  try {
    const file = openSync(path, "wx", 0o600);
    fchmodSync(file, 0o600);
    closeSync(file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") {
      throw error;
    }
    const found = statSync(path, { throwIfNoEntry: false });
    // It is a link to a file that does not exist yet. This creates the file that it points to.
    if (found === undefined) {
      closeSync(openSync(path, "a", 0o600));
    } else if (!found.isFile()) {
      throw new Error("it is there, and is no file", { cause: error });
    }
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
