import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { cannotOpen, unknownUrl } from "./checkpointer-error.js";
import { hasFunction, loadOptionalPackage, packageMissing } from "./load-package.js";
import type { CheckpointerDriver } from "./open-checkpointer.js";

const sqlitePackage = { name: "@langchain/langgraph-checkpoint-sqlite", version: "1.0.4" };
const busyTimeoutMs = 5_000;

/** What is used of the package. Said here, so that it compiles where SQLite could not be built. */
type Saver = BaseCheckpointSaver & { db: { pragma(source: string): unknown; close(): unknown } };
type SqliteModule = { SqliteSaver: { fromConnString(path: string): Saver } };

/** `sqlite:<path>` keeps checkpoints in a file, `sqlite::memory:` in a database that closing forgets. */
export const openSqlite: CheckpointerDriver = async (url, { load, serializer }) => {
  const path = pathOf(url);
  const { SqliteSaver } = await loadOptionalPackage(sqlitePackage, isSqliteModule, load);
  let saver: Saver | undefined;
  try {
    if (path !== ":memory:") await mkdir(dirname(path), { recursive: true });
    saver = SqliteSaver.fromConnString(path);
    if (serializer !== undefined) saver.serde = serializer;
    await prepare(saver);
  } catch (cause) {
    saver?.db.close();
    if (isNotBuilt(cause))
      throw packageMissing(sqlitePackage, "has no SQLite that was built for this Node", cause);
    throw cannotOpen(`the SQLite database ${path}`, cause);
  }
  const { db } = saver;
  return { checkpointer: saver, kind: "sqlite", close: async () => void db.close() };
};

/**
 * The saver makes its tables, and switches to write-ahead logging, at its first read or write; its deleteThread
 * alone does not, and fails on a new file. A read of nothing does it now, and tells now if the file is no database.
 */
async function prepare(saver: Saver): Promise<void> {
  saver.db.pragma(`busy_timeout = ${busyTimeoutMs}`);
  await saver.getTuple({ configurable: { thread_id: "" } });
}

function pathOf(url: string): string {
  const path = url.replace(/^sqlite:(\/\/)?/i, "");
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
