import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

/** The optional package that brings PostgreSQL, and the version that was tested. */
export const POSTGRES_PACKAGE = { name: "@langchain/langgraph-checkpoint-postgres", version: "1.0.5" };

/** What is used of a pg client. */
export type PostgresClient = EventEmitter & {
  connect(): Promise<unknown>;
  query(query: TimedQuery): Promise<{ readonly rows: readonly unknown[] }>;
  end(): Promise<void>;
};

/** A question that fails if it is not answered in time. */
interface TimedQuery {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly query_timeout: number;
}

/** What is used of a pg pool, and of a client that it lends. */
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
 * When the server ends an idle connection, the pool emits `error`; one that is lent emits it itself. Without a listener
 * Node ends the process. Nothing is left to do: the query that was under way fails, and the pool makes a new connection
 * for the next one.
 */
export function surviveLostConnections(pool: unknown): void {
  if (!(pool instanceof EventEmitter)) {
    return;
  }
  pool.on("error", () => {});
  pool.on("connect", (client: EventEmitter) => client.on("error", () => {}));
}

/** How long a server may take to accept a connection, unless the URL's `connect_timeout` says it, in seconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Gives each new connection a time within which it must stand: pg has none, and an address that swallows packets would
 * be waited for as long as the system does. The pool's own setting was rejected, since it also ends the wait for a
 * connection that others are using.
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

/** Why a server could not be opened; pg says only that some time has expired. */
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
 * The migrations of saver and store are `if not exists` statements and a row each, without a lock: two processes that
 * set up a new database together stumble over each other (of 8 at once, 7 failed). Each stumble means that somebody
 * went ahead, and every migration can be run again, so it is repeated. An advisory lock was rejected: behind a
 * pooler in transaction mode it is taken on one connection, released on another, and then held for ever.
 */
export async function setupBesideOthers(setup: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await setup();
    } catch (error) {
      if (attempt === SETUP_ATTEMPTS || !isSetupRace(error)) {
        throw error;
      }
      await delay(SETUP_PAUSE_MS);
    }
  }
}

const SETUP_ATTEMPTS = 40;
const SETUP_PAUSE_MS = 25;

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
