import { InMemoryStore } from "@langchain/langgraph";
import { importPackage, type PackageLoader } from "../langgraph/index.js";
import { unknownUrl } from "./checkpointer-error.js";
import type {
  CheckpointerDriver,
  CheckpointerOptions,
  OpenCheckpointer,
  OpenedEntries,
  OpenStore,
  StoreDriver,
  StoreOptions,
} from "./driver.js";
import { assertMemoryUrl, openMemoryCheckpointer } from "./memory-checkpointer.js";
import { openPostgresCheckpointer, openPostgresStore } from "./postgres/index.js";
import { SerializedStore } from "./serialized-store.js";
import { openSqliteCheckpointer, openSqliteDatabase, SqliteStore } from "./sqlite/index.js";

const DRIVERS: ReadonlyMap<string, CheckpointerDriver> = new Map([
  ["memory", openMemoryCheckpointer],
  ["sqlite", openSqliteCheckpointer],
  ["postgres", openPostgresCheckpointer],
  ["postgresql", openPostgresCheckpointer],
]);

/**
 * Opens a checkpointer: `memory:`, `sqlite:<path>`, `sqlite::memory:`, `postgres://…` or `postgresql://…`. A
 * database's package is imported only when its URL is used. Missing tables, and a file's missing folder, are
 * created.
 * @throws CheckpointerError PACKAGE_MISSING, UNKNOWN_URL or CANNOT_OPEN.
 */
export async function createCheckpointer(
  url: string,
  { load = importPackage, serializer }: CheckpointerOptions = {},
): Promise<OpenCheckpointer> {
  const opened = await driverOf(url, DRIVERS)(url, { load, serializer });
  return Object.assign(opened.checkpointer, opened);
}

const STORE_DRIVERS: ReadonlyMap<string, StoreDriver> = new Map([
  ["memory", openMemoryStore],
  ["sqlite", openSqliteStore],
  ["postgres", openPostgresStore],
  ["postgresql", openPostgresStore],
]);

/**
 * Opens a store from the same URLs as `createCheckpointer`. Both may share a file or a database.
 * @throws CheckpointerError PACKAGE_MISSING, UNKNOWN_URL or CANNOT_OPEN.
 */
export async function createStore(
  url: string,
  { load = importPackage, serializer }: StoreOptions = {},
): Promise<OpenStore> {
  const opened = await driverOf(url, STORE_DRIVERS)(url, load);
  const store = serializer === undefined ? opened.store : new SerializedStore(opened.store, serializer);
  return Object.assign(store, { ...opened, store });
}

async function openMemoryStore(url: string): Promise<OpenedEntries> {
  assertMemoryUrl(url);
  return { store: new InMemoryStore(), kind: "memory", close: async () => {} };
}

function openSqliteStore(url: string, load: PackageLoader): Promise<OpenedEntries> {
  return openSqliteDatabase(url, load, ({ db }) => ({
    store: new SqliteStore(db),
    kind: "sqlite",
    close: async () => void db.close(),
  }));
}

/** Finds the driver for a URL's scheme. */
function driverOf<Driver>(url: string, drivers: ReadonlyMap<string, Driver>): Driver {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    throw unknownUrl("it has no scheme");
  }
  const driver = drivers.get(scheme);
  if (driver === undefined) {
    throw unknownUrl(`"${scheme}:" is not known`);
  }
  return driver;
}
