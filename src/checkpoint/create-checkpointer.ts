import { driverOf } from "./driver-of.js";
import { importPackage } from "./load-package.js";
import { openMemoryCheckpointer } from "./memory-checkpointer.js";
import type { CheckpointerDriver, CheckpointerOptions, OpenCheckpointer } from "./open-checkpointer.js";
import { openPostgresCheckpointer } from "./postgres-checkpointer.js";
import { openSqliteCheckpointer } from "./sqlite-checkpointer.js";

const drivers: ReadonlyMap<string, CheckpointerDriver> = new Map([
  ["memory", openMemoryCheckpointer],
  ["sqlite", openSqliteCheckpointer],
  ["postgres", openPostgresCheckpointer],
  ["postgresql", openPostgresCheckpointer],
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
  return driverOf(url, drivers)(url, { load, serializer });
}
