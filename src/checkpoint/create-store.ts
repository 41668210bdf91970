import { InMemoryStore } from "@langchain/langgraph";
import { driverOf } from "./driver-of.js";
import { importPackage, type PackageLoader } from "./load-package.js";
import { assertMemoryUrl } from "./memory-url.js";
import type { OpenStore, StoreDriver, StoreOptions } from "./open-store.js";
import { openPostgresStore } from "./postgres-store.js";
import { SerializedStore } from "./serialized-store.js";
import { openSqliteDatabase } from "./sqlite-database.js";
import { SqliteStore } from "./sqlite-store.js";

const storeDrivers: ReadonlyMap<string, StoreDriver> = new Map([
  ["memory", openMemoryStore],
  ["sqlite", openSqliteStore],
  ["postgres", openPostgresStore],
  ["postgresql", openPostgresStore],
]);

/**
 * Opens a store by the same URLs as `createCheckpointer`; both may share one file or database.
 * @throws CheckpointerError PACKAGE_MISSING, UNKNOWN_URL or CANNOT_OPEN.
 */
export async function createStore(
  url: string,
  { load = importPackage, serializer }: StoreOptions = {},
): Promise<OpenStore> {
  const opened = await driverOf(url, storeDrivers)(url, load);
  if (serializer === undefined) return opened;
  return { ...opened, store: new SerializedStore(opened.store, serializer) };
}

async function openMemoryStore(url: string): Promise<OpenStore> {
  assertMemoryUrl(url);
  return { store: new InMemoryStore(), kind: "memory", close: async () => {} };
}

function openSqliteStore(url: string, load: PackageLoader): Promise<OpenStore> {
  return openSqliteDatabase(url, load, ({ db }) => ({
    store: new SqliteStore(db),
    kind: "sqlite",
    close: async () => void db.close(),
  }));
}
