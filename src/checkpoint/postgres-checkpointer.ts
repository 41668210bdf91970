import { EventEmitter } from "node:events";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { separateBranches } from "./branch-versions.js";
import { cannotOpen } from "./checkpointer-error.js";
import { withoutLateWrites } from "./late-writes.js";
import { hasFunction, loadOptionalPackage, packageMissing } from "./load-package.js";
import type { CheckpointerDriver } from "./open-checkpointer.js";
import {
  limitConnecting,
  type PostgresPool,
  postgresPackage,
  setupBesideOthers,
  surviveLostConnections,
  whyNotOpen,
} from "./postgres-database.js";
import { retainInPostgres } from "./postgres-retention.js";
import { lockOnPostgres } from "./postgres-thread-locks.js";
import { ThreadLocks } from "./thread-locks.js";

/** What is used of the package. The pool is its own property, hidden only from types. */
type Saver = BaseCheckpointSaver & { setup(): Promise<void>; end(): Promise<void> };
type PostgresModule = { PostgresSaver: { fromConnString(url: string): Saver } };

/** `postgres://…` and `postgresql://…` keep checkpoints in a PostgreSQL database, in its schema `public`. */
export const openPostgresCheckpointer: CheckpointerDriver = async (url, { load, serializer }) => {
  const { PostgresSaver } = await loadOptionalPackage(postgresPackage, isPostgresModule, load);
  let saver: Saver | undefined;
  try {
    saver = PostgresSaver.fromConnString(url);
    if (serializer !== undefined) saver.serde = serializer;
    separateBranches(saver);
    const opened = saver;
    const pool = poolOf(opened);
    surviveLostConnections(pool);
    limitConnecting(pool, url);
    await setupBesideOthers(() => opened.setup());
    const locks = new ThreadLocks(lockOnPostgres(() => new pool.Client(pool.options)));
    let closed: Promise<void> | undefined;
    const close = () => {
      closed ??= locks.close().then(() => opened.end());
      return closed;
    };
    const retention = retainInPostgres(pool);
    return withoutLateWrites({
      checkpointer: opened,
      kind: "postgres",
      lockThread: locks.lock,
      retention,
      close,
    });
  } catch (cause) {
    await saver?.end();
    throw cannotOpen("the PostgreSQL checkpointer", whyNotOpen(cause, url));
  }
};

function poolOf(saver: Saver): PostgresPool {
  const pool: unknown = Reflect.get(saver, "pool");
  if (isPool(pool)) return pool;
  throw packageMissing(postgresPackage, "does not have what was expected of it", undefined);
}

function isPool(pool: unknown): pool is PostgresPool {
  return pool instanceof EventEmitter && hasFunction(pool, "Client") && "options" in pool;
}

function isPostgresModule(module: unknown): module is PostgresModule {
  return hasFunction(Reflect.get(Object(module), "PostgresSaver"), "fromConnString");
}
