// Tells readers that there are new events. All readers of a process share one connection, which is open only while
// somebody reads. If it breaks, or a pooler swallows notifications, the readers poll every POLL_MS until there is a new
// connection.
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { PostgresClient } from "../checkpoint/index.js";
import { CHANNEL } from "./event-table.js";

/** Waits for the events of one thread. */
export interface EventEar {
  /** Waits until there may be new events, or the signal aborts. */
  next(signal: AbortSignal): Promise<void>;
  /** Stops listening. */
  leave(): void;
}

const POLL_MS = 1_000;
const AGAIN_MS = 500;
const QUERY_TIMEOUT_MS = 10_000;

const notificationSchema = z.object({ payload: z.string() });

/** Creates a listener for the readers of a process. */
export class EventListenerOnPostgres {
  readonly #connect: () => PostgresClient;
  readonly #ears = new Map<string, Set<() => void>>();
  #client: PostgresClient | undefined;
  #count = 0;
  #isClosed = false;

  constructor(connect: () => PostgresClient) {
    this.#connect = connect;
  }

  /** Starts to listen for the events of a thread. */
  join(threadId: string): EventEar {
    const key = createHash("md5").update(threadId).digest("hex");
    let isNew = false;
    let wake = () => {};
    const ring = () => {
      isNew = true;
      wake();
    };
    const ears = this.#ears.get(key) ?? new Set();
    this.#ears.set(key, ears.add(ring));
    this.#count += 1;
    if (this.#count === 1) {
      void this.#listen();
    }
    return {
      next: async (signal) => {
        if (!isNew && !signal.aborted) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, POLL_MS);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
            signal.addEventListener("abort", wake, { once: true });
          });
          signal.removeEventListener("abort", wake);
        }
        isNew = false;
      },
      leave: () => {
        ears.delete(ring);
        if (ears.size === 0) {
          this.#ears.delete(key);
        }
        this.#count -= 1;
        if (this.#count === 0) {
          void this.#hangUp();
        }
      },
    };
  }

  /** Ends the connection and wakes all readers. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ringAll();
    await this.#hangUp();
  }

  async #listen(): Promise<void> {
    while (this.#client === undefined && this.#isWanted()) {
      const client = this.#connect();
      this.#client = client;
      client.on("notification", (message) => this.#ring(message));
      client.on("error", () => this.#lose(client));
      client.on("end", () => this.#lose(client));
      try {
        await client.connect();
        await client.query({ text: `listen ${CHANNEL}`, values: [], query_timeout: QUERY_TIMEOUT_MS });
        // No notification came for events that were added before this.
        this.#ringAll();
      } catch {
        this.#client = this.#client === client ? undefined : this.#client;
        await client.end().catch(() => {});
        await delay(AGAIN_MS, undefined, { ref: false });
      }
    }
  }

  #isWanted(): boolean {
    return this.#count > 0 && !this.#isClosed;
  }

  #lose(client: PostgresClient): void {
    if (this.#client === client) {
      this.#client = undefined;
      void delay(AGAIN_MS, undefined, { ref: false }).then(() => this.#listen());
    }
  }

  async #hangUp(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  #ring(message: unknown): void {
    const key = notificationSchema.safeParse(message).data?.payload ?? "";
    for (const ring of this.#ears.get(key) ?? []) {
      ring();
    }
  }

  #ringAll(): void {
    for (const ring of [...this.#ears.values()].flatMap((ears) => [...ears])) {
      ring();
    }
  }
}
