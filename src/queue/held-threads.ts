// Who may write to a thread. A job holds its thread twice:
//
//   (1) With the thread's lock, on a connection of its own: while a worker lives, nobody works beside it, here or with
//       `withThreadLock` anywhere else.
//   (2) With a token in the thread's row, which each transaction that writes a checkpoint reads and holds until it ends.
//       Who takes the thread over raises the token. So a worker that stood still, and does not know that it has lost
//       the thread, writes nothing any more, not even what it had begun to write.
//
// With its first checkpoint a job that brings an input leaves its id in the row, in the same transaction: so whoever is
// given the job again knows whether its input is stored.
import { setTimeout as delay } from "node:timers/promises";
import { describeError } from "../base/index.js";
import { endHoldersOf, type OpenCheckpointer, ThreadLockLostError } from "../checkpoint/index.js";
import { checkWrites, type WriteCheck } from "../langgraph/index.js";
import type { JobData } from "./jobs.js";
import type { FetchedJob, QueueDatabase } from "./pg-boss.js";
import { freeThread, giveThread, type ThreadRow } from "./tables.js";

/** A thread that a job holds. */
export interface HeldThread {
  /** The thread's row, as it was when the job got it. */
  readonly row: ThreadRow;
  /** Aborts when the thread is lost. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

interface Holding {
  readonly jobId: string;
  readonly token: number;
  /** Whether the job's id stands in the row, or need not. */
  hasBegun: boolean;
  readonly lose: (cause: unknown) => void;
}

/** How long to wait before trying again to take a lock that somebody holds. */
const BUSY_PAUSE_MS = 200;
/** How long a former worker of the job may keep its connections before they are ended. */
const GRACE_MS = 5_000;

/** The threads that this worker holds. */
export class HeldThreads {
  readonly #opened: OpenCheckpointer;
  readonly #db: QueueDatabase;
  readonly #worker: string;
  readonly #beforeWrite: () => Promise<void>;
  readonly #holdings = new Map<string, Holding>();

  /** `worker` is the `application_name` of the connections that `opened` writes on. */
  constructor(
    opened: OpenCheckpointer,
    db: QueueDatabase,
    { worker, beforeWrite }: { readonly worker: string; readonly beforeWrite: () => Promise<void> },
  ) {
    this.#opened = opened;
    this.#db = db;
    this.#worker = worker;
    this.#beforeWrite = beforeWrite;
    checkWrites(opened.checkpointer, this.#check);
  }

  /** Waits until the thread is free and takes it. Undefined if nothing was ever queued for it. */
  async take(
    { threadId, kind }: Pick<JobData, "threadId" | "kind">,
    job: FetchedJob,
    signal: AbortSignal,
  ): Promise<HeldThread | undefined> {
    const lost = new AbortController();
    const lose = (cause: unknown) =>
      lost.abort(new ThreadLockLostError(threadId, describeError(cause), cause));
    const lock = await this.#lock(threadId, job, signal);
    const lostLock = () => lose(lock.lost.reason);
    lock.lost.addEventListener("abort", lostLock, { once: true });
    try {
      const row = await giveThread(this.#db, threadId, { id: job.id, worker: this.#worker });
      if (row === undefined) {
        await lock.release();
        return undefined;
      }
      const holding = {
        jobId: job.id,
        token: row.token,
        hasBegun: kind !== "turn" || row.begun === job.id,
        lose,
      };
      this.#holdings.set(threadId, holding);
      const release = async () => {
        if (this.#holdings.get(threadId) === holding) {
          this.#holdings.delete(threadId);
        }
        await freeThread(this.#db, row).catch(() => {});
        lock.lost.removeEventListener("abort", lostLock);
        await lock.release();
      };
      return { row, lost: lost.signal, release };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async #lock(threadId: string, job: FetchedJob, signal: AbortSignal) {
    for (let waitedMs = 0; ; waitedMs += BUSY_PAUSE_MS) {
      signal.throwIfAborted();
      const taken = await this.#opened.lockThread(threadId);
      if ("lost" in taken) {
        await this.#endFormerWorker(threadId, job).catch(async (error) => {
          await taken.release();
          throw error;
        });
        return taken;
      }
      // A worker that was only slow learns that its job was given away and lets go by itself.
      if (waitedMs >= GRACE_MS && (await this.#endFormerWorker(threadId, job))) {
        const { text, values } = endHoldersOf(threadId);
        await this.#db.executeSql(text, [...values]);
      }
      await delay(BUSY_PAUSE_MS, undefined, { signal });
    }
  }

  /**
   * Cuts off the worker that had this job before and never let go of the thread. pg-boss has given the job away, so that
   * worker is dead, stands still, or is out of reach. If it stands still, its connections live, with the lock and
   * perhaps with half of a write. Returns whether there is such a worker.
   */
  async #endFormerWorker(threadId: string, { id, retryCount }: FetchedJob): Promise<boolean> {
    const { rows } =
      retryCount === 0
        ? { rows: [] }
        : await this.#db.executeSql(
            `select pg_terminate_backend(pid) from plan_execute_threads
              left join pg_stat_activity on application_name = worker
              where thread_id = $1 and job = $2::uuid and worker <> $3`,
            [threadId, id, this.#worker],
          );
    return rows.length > 0;
  }

  readonly #check: WriteCheck = async (threadId, isOfThread, client) => {
    const holding = this.#holdings.get(threadId);
    if (holding === undefined) {
      throw notHeld(threadId);
    }
    const { jobId, token, hasBegun, lose } = holding;
    await this.#beforeWrite();
    const begins = isOfThread && !hasBegun;
    const { rows } = begins
      ? await client.query(
          "update plan_execute_threads set begun = $3::uuid where thread_id = $1 and token = $2 returning 1",
          [threadId, token, jobId],
        )
      : await client.query(
          "select 1 from plan_execute_threads where thread_id = $1 and token = $2 for share",
          [threadId, token],
        );
    if (rows.length === 0) {
      const error = notHeld(threadId);
      lose(error);
      throw error;
    }
    return () => {
      holding.hasBegun ||= begins;
    };
  };
}

function notHeld(threadId: string): ThreadLockLostError {
  return new ThreadLockLostError(threadId, "another worker has taken the thread over", undefined);
}
