import { unknownUrl } from "./checkpointer-error.js";
import { importPackage } from "./load-package.js";
import { openMemory } from "./memory.js";
import type { CheckpointerDriver, CheckpointerOptions, OpenCheckpointer } from "./open-checkpointer.js";
import { openPostgres } from "./postgres.js";
import { openSqlite } from "./sqlite.js";

const drivers: ReadonlyMap<string, CheckpointerDriver> = new Map([
  ["memory", openMemory],
  ["sqlite", openSqlite],
  ["postgres", openPostgres],
  ["postgresql", openPostgres],
]);

/**
 * Opens a checkpointer: `memory:`, `sqlite:<path>`, `sqlite::memory:`, `postgres://…` or `postgresql://…`.
 * A database's package is imported only when it is asked for. Tables, and a file's folder, are made where missing.
 * @throws CheckpointerError PACKAGE_MISSING, UNKNOWN_URL or CANNOT_OPEN.
 */
export async function createCheckpointer(
  url: string,
  { load = importPackage, serializer }: CheckpointerOptions = {},
): Promise<OpenCheckpointer> {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) throw unknownUrl("it has no scheme");
  const driver = drivers.get(scheme);
  if (driver === undefined) throw unknownUrl(`"${scheme}:" is not known`);
  return driver(url, { load, serializer });
}
