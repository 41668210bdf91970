import { EventEmitter } from "node:events";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { importPackage, type PackageLoader, poolOfSaver } from "../../langgraph/index.js";
import { cannotOpen, unknownUrl } from "../checkpointer-error.js";
import { hasFunction, loadOptionalPackage, packageMissing } from "../load-package.js";
import {
  limitConnecting,
  POSTGRES_PACKAGE,
  type PostgresClient,
  type PostgresPool,
  surviveLostConnections,
  whyNotOpen,
} from "./database.js";
import { type Migrations, migrate } from "./migrate.js";

/** The part of the package that we use. */
type Saver = BaseCheckpointSaver & { setup(): Promise<void>; end(): Promise<void> };
interface PostgresModule {
  PostgresSaver: { fromConnString(url: string): Saver };
}

/** A saver that is not set up yet, and the pool of its connections, which outlives lost ones. */
export interface PooledSaver {
  readonly saver: Saver;
  readonly pool: PostgresPool;
}

/** Makes a saver. It brings the pool too, so nothing here depends on pg by itself. */
export async function openSaver(url: string, load: PackageLoader): Promise<PooledSaver> {
  const saver = fromUrl(await loadOptionalPackage(POSTGRES_PACKAGE, isPostgresModule, load), url);
  const pool = poolOfSaver(saver);
  if (!isPool(pool)) {
    throw packageMissing(POSTGRES_PACKAGE, "does not have what was expected of it", undefined);
  }
  surviveLostConnections(pool);
  limitConnecting(pool, url);
  return { saver, pool };
}

/** Whether a URL is that of a PostgreSQL database. */
export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:/i.test(url);
}

/** Connections to a database for tables of our own. */
export interface PostgresConnections {
  readonly pool: PostgresPool;
  /** Makes a connection outside of the pool, for what lives as long as the connection does. */
  readonly connect: () => PostgresClient;
  /** Ends the pool. A second call does nothing. */
  readonly close: () => Promise<void>;
}

/**
 * Opens `postgres://…` for tables of our own and brings them up to date.
 * @throws CheckpointerError PACKAGE_MISSING, UNKNOWN_URL or CANNOT_OPEN.
 */
export async function openPostgres(
  url: string,
  migrations: readonly Migrations[],
  load: PackageLoader = importPackage,
): Promise<PostgresConnections> {
  if (!isPostgresUrl(url)) {
    throw unknownUrl("it is not one of PostgreSQL", [
      "postgres://<user>:<password>@<host>:<port>/<database>",
    ]);
  }
  const { saver, pool } = await openSaver(url, load);
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= saver.end();
    return closed;
  };
  try {
    for (const part of migrations) {
      await migrate(pool, part);
    }
  } catch (cause) {
    await close();
    throw cannotOpen("the PostgreSQL database", whyNotOpen(cause, url));
  }
  return { pool, connect: () => new pool.Client(pool.options), close };
}

function fromUrl({ PostgresSaver }: PostgresModule, url: string): Saver {
  try {
    return PostgresSaver.fromConnString(url);
  } catch (cause) {
    throw cannotOpen("the PostgreSQL database", cause);
  }
}

function isPool(pool: unknown): pool is PostgresPool {
  return pool instanceof EventEmitter && hasFunction(pool, "Client") && "options" in pool;
}

function isPostgresModule(module: unknown): module is PostgresModule {
  return hasFunction(Reflect.get(Object(module), "PostgresSaver"), "fromConnString");
}
