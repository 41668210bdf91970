// Writes the events of a worker's runs, for `queue.events`.
//
//   (1) They are written in their order, one batch after another.
//   (2) Each batch reads, in its statement, which of its threads are still held as they were when their events happened. A
//       worker that stood still and lost a thread writes no event of it any more.
//   (3) A checkpoint is stored after the events before it. So whoever goes on from it finds nothing missing before it.
//   (4) What could not be written is written later. If it cannot be, neither can a checkpoint, and the job is done again.
import type { CheckpointerOptions, PostgresPool } from "../checkpoint/index.js";
import type { EventListener } from "../events/index.js";
import { addHeldEvents, type EventRow, toRow } from "../streams/index.js";
import type { ThreadRow } from "./tables.js";

interface WaitingEvent {
  /** Identifies the job that held the thread when the event happened. */
  readonly token: number;
  readonly row: Promise<EventRow | undefined>;
}

const MAX_TOGETHER = 500;

/** Writes the events of all runs of a worker. */
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
  listenerOf({ token }: Pick<ThreadRow, "token">): EventListener {
    return (event) => {
      const [made = Promise.resolve(undefined)] = toRow(event, this.#serializer);
      // An event that cannot be converted is left out.
      const row = made.catch((error) => void this.#onFailure(error));
      this.#waiting.push({ token, row });
      this.#added += 1;
      if (this.#writing === undefined) {
        this.#write().catch(this.#onFailure);
      }
    };
  }

  /** Waits until all events so far are written. Rejects if they cannot be written now. */
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

  /** Writes until nothing is left. Call it only if something waits. */
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
    const made = await Promise.all(batch.map(async ({ token, row }) => ({ token, row: await row })));
    const rows = made.flatMap(({ token, row }) => (row === undefined ? [] : [{ ...row, token }]));
    await addHeldEvents(this.#pool, "plan_execute_threads", rows);
  }
}
