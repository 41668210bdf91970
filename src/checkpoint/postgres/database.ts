import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Retry, type RetryPace } from "../../base/index.js";

/** The optional package that brings PostgreSQL. */
export const POSTGRES_PACKAGE = "@langchain/langgraph-checkpoint-postgres";

/** The part of a pg client that we use. */
export type PostgresClient = EventEmitter & {
  connect(): Promise<unknown>;
  query(query: TimedQuery): Promise<{ readonly rows: readonly unknown[] }>;
  end(): Promise<void>;
};

/** A query that fails if it is not answered in time. */
interface TimedQuery {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly query_timeout: number;
}

/** The part of a pg pool, and of the clients that it lends, that we use. */
export type PostgresPool = PostgresQueries &
  EventEmitter & {
    readonly Client: new (options: unknown) => PostgresClient;
    readonly options: unknown;
    connect(): Promise<PostgresQueries & { release(): void }>;
  };

interface PostgresQueries {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly unknown[]; readonly rowCount: number | null }>;
}

/**
 * Keeps lost connections from ending the process. When the server ends an idle connection, the pool emits
 * `error`; a lent connection emits it itself. Without a listener, Node ends the process. There is nothing
 * left to do: the query that was under way fails, and the pool opens a new connection for the next one.
 */
export function surviveLostConnections(pool: unknown): void {
  if (!(pool instanceof EventEmitter)) {
    return;
  }
  pool.on("error", () => {});
  pool.on("connect", (client: EventEmitter) => client.on("error", () => {}));
}

/** How long a server may take to accept a connection, unless the URL's `connect_timeout` says otherwise, in seconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Limits how long a new connection may take. pg sets no limit, so an address that swallows packets would be
 * waited for as long as the system does. We rejected the pool's own setting because it also limits the wait
 * for a connection that others are using.
 */
export function limitConnecting(pool: unknown, url: string): void {
  if (!hasClient(pool)) {
    return;
  }
  const { Client } = pool;
  const connectionTimeoutMillis = connectTimeoutMs(url);
  pool.Client = class extends Client {
    constructor(options: unknown) {
      super({ ...Object(options), connectionTimeoutMillis });
    }
  };
}

/** Says why a server could not be opened. pg itself only says that a timeout expired. */
export function whyNotOpen(cause: unknown, url: string): unknown {
  if (!(cause instanceof Error) || cause.message !== "timeout expired") {
    return cause;
  }
  const seconds = connectTimeoutMs(url) / 1_000;
  return new Error(
    `the server did not answer within ${seconds} seconds. Check host, port and network; connect_timeout=<seconds> in the URL gives it more`,
    { cause },
  );
}

function connectTimeoutMs(url: string): number {
  const seconds = URL.canParse(url) ? Number(new URL(url).searchParams.get("connect_timeout")) : 0;
  return seconds > 0 ? seconds * 1_000 : CONNECT_TIMEOUT_MS;
}

function hasClient(pool: unknown): pool is { Client: new (options: unknown) => object } {
  return typeof pool === "object" && pool !== null && "Client" in pool && typeof pool.Client === "function";
}

/**
 * Runs the migrations even if other processes do so at the same time.
 *
 * The migrations of saver and store are `if not exists` statements and one row each, without a lock.
 * Processes that set up a new database together therefore collide: of 8 at once, 7 failed. A collision means
 * that another process went ahead, and every migration can run again, so we repeat it. We rejected an
 * advisory lock: behind a pooler in transaction mode it is taken on one connection, released on another, and
 * then held forever.
 */
export async function setupBesideOthers(setup: () => Promise<void>): Promise<void> {
  const retry = new Retry({ attempts: SETUP_ATTEMPTS, pace: SETUP_PACE, isWorth: isSetupRace });
  for (;;) {
    try {
      return await setup();
    } catch (error) {
      if (!(await retry.again(error))) {
        throw error;
      }
    }
  }
}

const SETUP_ATTEMPTS = 40;
const SETUP_PAUSE_MS = 25;
/** Always the same pause: who went ahead is soon done. */
const SETUP_PACE: RetryPace = {
  backoff: { baseMs: SETUP_PAUSE_MS, maxMs: SETUP_PAUSE_MS },
  random: () => 1,
  sleep: async (ms) => delay(ms),
};

function isSetupRace(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) {
    return false;
  }
  if (error.code === "XX000") {
    return error.message.includes("concurrently updated");
  }
  // unique_violation, duplicate_object, duplicate_schema, duplicate_table, deadlock_detected
  return ["23505", "42710", "42P06", "42P07", "40P01"].includes(String(error.code));
}
