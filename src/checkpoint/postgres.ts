import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { cannotOpen } from "./checkpointer-error.js";
import { hasFunction, loadOptionalPackage } from "./load-package.js";
import type { CheckpointerDriver } from "./open-checkpointer.js";

const postgresPackage = { name: "@langchain/langgraph-checkpoint-postgres", version: "1.0.5" };

/** What is used of the package. */
type Saver = BaseCheckpointSaver & { setup(): Promise<void>; end(): Promise<void> };
type PostgresModule = { PostgresSaver: { fromConnString(url: string): Saver } };

/** `postgres://…` and `postgresql://…` keep checkpoints in a PostgreSQL database, in its schema `public`. */
export const openPostgres: CheckpointerDriver = async (url, { load, serializer }) => {
  const { PostgresSaver } = await loadOptionalPackage(postgresPackage, isPostgresModule, load);
  let saver: Saver | undefined;
  try {
    saver = PostgresSaver.fromConnString(url);
    if (serializer !== undefined) saver.serde = serializer;
    surviveLostConnections(saver);
    await setupBesideOthers(saver);
  } catch (cause) {
    await saver?.end();
    throw cannotOpen("the PostgreSQL checkpointer", cause);
  }
  const opened = saver;
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= opened.end();
    return closed;
  };
  return { checkpointer: opened, kind: "postgres", close };
};

/**
 * When the server ends an idle connection, the pool emits `error`, and without a listener Node ends the process.
 * The pool has dropped the connection by then and makes a new one for the next query: nothing is left to do.
 */
function surviveLostConnections(saver: Saver): void {
  const pool: unknown = Reflect.get(saver, "pool");
  if (pool instanceof EventEmitter) pool.on("error", () => {});
}

/**
 * The saver's migrations are `if not exists` statements and a row each, without a lock: two processes that set
 * up a new database together stumble over each other (of 8 at once, 7 failed). Each stumble means that somebody went
 * ahead, and every migration can be run again, so it is repeated. An advisory lock was rejected: behind a
 * pooler in transaction mode it is taken on one connection, released on another, and then held for ever.
 */
async function setupBesideOthers(saver: Saver): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await saver.setup();
    } catch (error) {
      if (attempt === setupAttempts || !isSetupRace(error)) throw error;
      await delay(setupPauseMs);
    }
  }
}

const setupAttempts = 40;
const setupPauseMs = 25;

function isSetupRace(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  if (error.code === "XX000") return error.message.includes("concurrently updated");
  // unique_violation, duplicate_object, duplicate_schema, duplicate_table, deadlock_detected
  return ["23505", "42710", "42P06", "42P07", "40P01"].includes(String(error.code));
}

function isPostgresModule(module: unknown): module is PostgresModule {
  return hasFunction(Reflect.get(Object(module), "PostgresSaver"), "fromConnString");
}
