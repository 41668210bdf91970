// Writes the events of a worker's runs, for `queue.events`.
//
//   (1) They are written in their order, one batch after another.
//   (2) Each batch reads, in its transaction, which of its threads this worker's jobs still hold. A worker that stood
//       still and lost a thread writes no event of it any more.
//   (3) A checkpoint is stored after the events before it. So whoever goes on from it finds nothing missing before it.
//   (4) What could not be written is written later. If it cannot be, neither can a checkpoint, and the job is done again.
import { z } from "zod";
import type { CheckpointerOptions, PostgresPool } from "../checkpoint/index.js";
import type { EventListener } from "../events/index.js";
import { addEvents, type EventRow, toRow } from "../streams/index.js";
import type { ThreadRow } from "./tables.js";

interface WaitingEvent {
  readonly threadId: string;
  /** Which job the thread was given to. */
  readonly token: number;
  readonly row: Promise<EventRow | undefined>;
}

const MAX_TOGETHER = 500;

const heldSchema = z.array(z.object({ thread_id: z.string(), token: z.coerce.number() }));

/** Writes the events of the runs of a worker. */
export class EventWriter {
  readonly #pool: PostgresPool;
  readonly #serializer: CheckpointerOptions["serializer"];
  readonly #onFailure: (error: unknown) => void;
  readonly #waiting: WaitingEvent[] = [];
  #added = 0;
  #writing: Promise<void> | undefined;

  constructor(
    pool: PostgresPool,
    serializer: CheckpointerOptions["serializer"],
    onFailure: (error: unknown) => void,
  ) {
    this.#pool = pool;
    this.#serializer = serializer;
    this.#onFailure = onFailure;
  }

  /** Makes a listener for a run of a thread that a job holds. */
  listenerOf({ thread_id: threadId, token }: Pick<ThreadRow, "thread_id" | "token">): EventListener {
    return (event) => {
      const [made = Promise.resolve(undefined)] = toRow(event, this.#serializer);
      // An event that cannot be converted is left out.
      const row = made.catch((error) => void this.#onFailure(error));
      this.#waiting.push({ threadId, token, row });
      this.#added += 1;
      if (this.#writing === undefined) {
        this.#write().catch(this.#onFailure);
      }
    };
  }

  /** Waits until all events so far are there. Rejects if they cannot be written now. */
  async flush(): Promise<void> {
    const last = this.#added;
    while (this.#added - this.#waiting.length < last) {
      await this.#write();
    }
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeAll();
    return this.#writing;
  }

  /** There is something to write. */
  async #writeAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting.slice(0, MAX_TOGETHER);
        await this.#writeBatch(batch);
        this.#waiting.splice(0, batch.length);
      }
    } finally {
      this.#writing = undefined;
    }
  }

  async #writeBatch(batch: readonly WaitingEvent[]): Promise<void> {
    const made = await Promise.all(
      batch.map(async ({ threadId, token, row }) => ({ threadId, token, row: await row })),
    );
    const client = await this.#pool.connect();
    try {
      await client.query("begin");
      const held = await readHeld(client, batch);
      const rows = made.flatMap(({ threadId, token, row }) =>
        row !== undefined && held.get(threadId) === token ? [row] : [],
      );
      if (rows.length > 0) {
        await addEvents(client, rows);
      }
      await client.query("commit");
    } catch (error) {
      await client.query("rollback").catch(() => {});
      throw error;
    } finally {
      client.release();
    }
  }
}

/** The tokens of threads, which stay as they are until the transaction ends. */
async function readHeld(
  client: Pick<PostgresPool, "query">,
  batch: readonly WaitingEvent[],
): Promise<Map<string, number>> {
  const ids = [...new Set(batch.map(({ threadId }) => threadId))];
  const { rows } = await client.query(
    "select thread_id, token from plan_execute_threads where thread_id = any($1) order by thread_id for share",
    [ids],
  );
  return new Map(heldSchema.parse(rows).map(({ thread_id: id, token }) => [id, token]));
}
