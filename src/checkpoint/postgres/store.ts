import type { BaseStore } from "@langchain/langgraph";
import { type PackageLoader, poolOfStore } from "../../langgraph/index.js";
import { cannotOpen } from "../checkpointer-error.js";
import type { OpenedEntries } from "../driver.js";
import { hasFunction, loadOptionalPackage } from "../load-package.js";
import {
  limitConnecting,
  POSTGRES_PACKAGE,
  setupBesideOthers,
  surviveLostConnections,
  whyNotOpen,
} from "./database.js";

/** The part of the package that we use. */
type Store = BaseStore & { setup(): Promise<void> };
interface StoreModule {
  PostgresStore: { fromConnString(url: string): Store };
}

/** Opens `postgres://…` and `postgresql://…`, which keep entries in the schema `public` of a database. */
export async function openPostgresStore(url: string, load: PackageLoader): Promise<OpenedEntries> {
  const { PostgresStore } = await loadOptionalPackage(POSTGRES_PACKAGE, isStoreModule, load, "/store");
  let store: Store | undefined;
  try {
    store = PostgresStore.fromConnString(url);
    const opened = store;
    const pool = poolOfStore(opened);
    surviveLostConnections(pool);
    limitConnecting(pool, url);
    await setupBesideOthers(() => opened.setup());
    let closed: Promise<void> | undefined;
    const close = () => {
      closed ??= Promise.resolve(opened.stop());
      return closed;
    };
    return { store: opened, kind: "postgres", close };
  } catch (cause) {
    await store?.stop();
    throw cannotOpen("the PostgreSQL store", whyNotOpen(cause, url));
  }
}

function isStoreModule(module: unknown): module is StoreModule {
  return hasFunction(Reflect.get(Object(module), "PostgresStore"), "fromConnString");
}
