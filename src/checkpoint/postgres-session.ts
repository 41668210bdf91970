import { hostname } from "node:os";
import { cannotOpen } from "./checkpointer-error.js";
import type { PostgresClient } from "./postgres-database.js";

/** What a session calls itself in `pg_stat_activity`, so that others see who holds a lock. */
export const sessionName = /^langgraph-plan-execute (\d+)@(.*)$/;

const signsOfLife = 5;

/**
 * One connection of its own, for what lives as long as the connection does. It is asked now and then whether it is
 * still there: one that a network swallowed gives no error by itself.
 */
export class PostgresSession {
  readonly #client: PostgresClient;
  readonly #silenceMs: number;
  readonly #controller = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  private constructor(client: PostgresClient, silenceMs: number) {
    this.#client = client;
    this.#silenceMs = silenceMs;
  }

  /** Connects; a connection that does not answer for `silenceMs` counts as lost. */
  static async open(client: PostgresClient, silenceMs: number): Promise<PostgresSession> {
    const session = new PostgresSession(client, silenceMs);
    client.on("error", (cause) => session.#lose(cause));
    client.on("end", () => session.#lose(undefined));
    try {
      await client.connect();
      // If this host vanishes, its server shall notice in 25 seconds and not, as is the default, in two hours.
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
    session.#timer = setInterval(ask, silenceMs / signsOfLife).unref();
    return session;
  }

  /** Aborts when the connection is lost. */
  get lost(): AbortSignal {
    return this.#controller.signal;
  }

  /** Asks the server; questions wait for each other, as pg wants it. */
  query(text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    const answer = this.#queue.then(async () => {
      const { rows } = await this.#client.query({ text, values, query_timeout: this.#silenceMs });
      return rows;
    });
    this.#queue = answer.catch(() => {});
    return answer;
  }

  /** Ends the connection, and with it all that it held. */
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
