import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { z } from "zod";
import { cannotOpen } from "../checkpointer-error.js";
import type { LockOnDatabase, ThreadHolder } from "../thread-locks.js";
import type { PostgresClient } from "./database.js";

const takenSchema = z.tuple([z.object({ taken: z.boolean() })]);
const holdersSchema = z.array(z.object({ application_name: z.string().nullable() }));

interface SharedSession {
  readonly opening: Promise<PostgresSession>;
  users: number;
}

/**
 * Locks threads with session advisory locks, on a connection outside the pool. The server frees a lock when
 * its connection ends, no matter how its owner dies. All locks of one checkpointer share the connection,
 * which exists only while at least one lock is in use. Behind a pooler in transaction mode there is no
 * session and therefore no lock.
 */
export function lockOnPostgres(connect: () => PostgresClient): LockOnDatabase {
  let current: SharedSession | undefined;
  const share = (silenceMs: number) => {
    const shared = { opening: PostgresSession.open(connect(), silenceMs), users: 0 };
    const forget = () => {
      if (current === shared) {
        current = undefined;
      }
    };
    shared.opening.then(({ lost }) => lost.addEventListener("abort", forget), forget);
    return shared;
  };
  const leave = async (shared: SharedSession) => {
    shared.users -= 1;
    if (shared.users > 0) {
      return;
    }
    if (current === shared) {
      current = undefined;
    }
    const session = await shared.opening;
    await session.end();
  };
  return async (threadId, { staleAfterMs }) => {
    current ??= share(staleAfterMs);
    const shared = current;
    shared.users += 1;
    try {
      const session = await shared.opening;
      const key = keyOf(threadId);
      const taking = session.query("select pg_try_advisory_lock($1::bigint) as taken", [key]);
      // The answer may come too late, as to a process that stood still. Then the server has given us the lock.
      taking.catch(() => unlock(session, key));
      const [{ taken }] = takenSchema.parse(await taking);
      if (!taken) {
        const heldBy = await holderOf(session, key);
        await leave(shared);
        return { heldBy };
      }
      const release = async () => {
        // If the connection breaks before or during this, the server has freed the lock or will.
        if (!session.lost.aborted) {
          await unlock(session, key);
        }
        await leave(shared);
      };
      return { lost: session.lost, release };
    } catch (error) {
      await leave(shared).catch(() => {});
      throw error;
    }
  };
}

async function unlock(session: PostgresSession, key: string): Promise<void> {
  await session.query("select pg_advisory_unlock($1::bigint)", [key]).catch(() => []);
}

/** Returns the key of a thread's lock: 64 bits of a hash, because the server takes a number. */
function keyOf(threadId: string): string {
  const hash = createHash("sha256").update(`langgraph-plan-execute thread ${threadId}`).digest();
  return hash.readBigInt64BE().toString();
}

/** The name of a session in `pg_stat_activity`, which tells others who holds a lock. */
const SESSION_NAME = /^langgraph-plan-execute (\d+)@(.*)$/;

async function holderOf(session: PostgresSession, key: string): Promise<ThreadHolder> {
  const rows = await session.query(
    `select application_name from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and granted and objsubid = 1
        and pg_locks.database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32 | objid::bigint) = $1::bigint`,
    [key],
  );
  const [holder] = holdersSchema.parse(rows);
  const [, pid, host] = SESSION_NAME.exec(holder?.application_name ?? "") ?? [];
  return pid === undefined || host === undefined ? {} : { pid: Number(pid), host };
}

/** A statement that ends the sessions which hold a thread's lock, and so frees it. */
export function endHoldersOf(threadId: string): {
  readonly text: string;
  readonly values: readonly unknown[];
} {
  return {
    text: `select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and granted and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32 | objid::bigint) = $1::bigint`,
    values: [keyOf(threadId)],
  };
}

const SIGNS_OF_LIFE = 5;

/**
 * A dedicated connection, for what lives only as long as the connection does. It is polled, because a
 * connection that the network swallowed raises no error by itself.
 */
class PostgresSession {
  readonly #client: PostgresClient;
  readonly #silenceMs: number;
  readonly #controller = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  private constructor(client: PostgresClient, silenceMs: number) {
    this.#client = client;
    this.#silenceMs = silenceMs;
  }

  /** Connects. A connection that does not answer for `silenceMs` counts as lost. */
  static async open(client: PostgresClient, silenceMs: number): Promise<PostgresSession> {
    const session = new PostgresSession(client, silenceMs);
    client.on("error", (cause) => session.#lose(cause));
    client.on("end", () => session.#lose(undefined));
    try {
      await client.connect();
      // If this host vanishes, the server should notice in 25 seconds instead of the default two hours.
      await session.query(
        `select set_config('application_name', $1, false), set_config('tcp_keepalives_idle', '10', false),
          set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)`,
        [`langgraph-plan-execute ${process.pid}@${hostname()}`],
      );
    } catch (cause) {
      await session.end();
      throw cannotOpen("a PostgreSQL connection for locks", cause);
    }
    const ask = () => session.query("select 1", []).catch((cause: unknown) => session.#lose(cause));
    session.#timer = setInterval(ask, silenceMs / SIGNS_OF_LIFE).unref();
    return session;
  }

  /** Aborts when the connection is lost. */
  get lost(): AbortSignal {
    return this.#controller.signal;
  }

  /** Runs a query. Queries wait for each other, as pg requires. */
  query(text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    const answer = this.#queue.then(async () => {
      const { rows } = await this.#client.query({ text, values, query_timeout: this.#silenceMs });
      return rows;
    });
    this.#queue = answer.catch(() => {});
    return answer;
  }

  /** Ends the connection, and with it everything that it held. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#client.removeAllListeners("end");
    await this.#client.end();
  }

  #lose(cause: unknown): void {
    clearInterval(this.#timer);
    this.#controller.abort(new Error("the connection that held it broke", { cause }));
  }
}
