import { hostname } from "node:os";
import { linkSignal, PlanExecuteError } from "../base/index.js";

/** How to take the lock of a thread. */
export interface LockRequest {
  /** How long an owner may give no sign of life before others may take the thread over. @default 5000 */
  readonly staleAfterMs: number;
  /** Returns the time in milliseconds. Processes that share a file must share the clock too. @default Date.now */
  readonly now: () => number;
}

/** The lock of a thread, held. */
interface HeldThread {
  /** Aborts, with an error that says why, if the lock is lost before it is released. */
  readonly lost: AbortSignal;
  /** Releases the lock. It never fails, because a lock that is left behind expires by itself. */
  readonly release: () => Promise<void>;
}

/** The lock of a thread, or who else holds it. */
type TakenThread = HeldThread | { readonly heldBy: ThreadHolder };

/** Takes the lock of a thread at once or says who holds it. It never waits. */
export type LockThread = (threadId: string, request?: Partial<LockRequest>) => Promise<TakenThread>;

/** The same, on a database. */
export type LockOnDatabase = (threadId: string, request: LockRequest) => Promise<TakenThread>;

/**
 * The thread locks of one opened checkpointer. This class knows which threads this process holds; the driver
 * knows about other processes.
 */
export class ThreadLocks {
  readonly #take: LockOnDatabase;
  readonly #holders = new Map<string, ThreadHolder>();
  readonly #closers = new Set<() => Promise<void>>();
  /** Locks that are being taken: a close waits for them, or it would leave one behind. */
  readonly #taking = new Set<Promise<unknown>>();

  /** `take` locks other processes out. */
  constructor(take: LockOnDatabase) {
    this.#take = take;
  }

  /** Takes the lock of a thread, first within this process and then across processes. */
  readonly lock: LockThread = async (threadId, { staleAfterMs = 5_000, now = Date.now } = {}) => {
    const heldBy = this.#holders.get(threadId);
    if (heldBy !== undefined) {
      return { heldBy };
    }
    this.#holders.set(threadId, {
      host: hostname(),
      pid: process.pid,
      since: new Date(now()),
    });
    const taking = this.#takeAndHold(threadId, { staleAfterMs, now });
    this.#taking.add(taking);
    try {
      return await taking;
    } catch (error) {
      this.#holders.delete(threadId);
      throw error;
    } finally {
      this.#taking.delete(taking);
    }
  };

  /** Releases all locks. Whoever still works on a thread is told that its lock is lost. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#taking);
    await Promise.all([...this.#closers].map((close) => close()));
  }

  async #takeAndHold(threadId: string, request: LockRequest): Promise<TakenThread> {
    const taken = await this.#take(threadId, request);
    if ("lost" in taken) {
      return this.#hold(threadId, taken);
    }
    this.#holders.delete(threadId);
    return taken;
  }

  #hold(threadId: string, taken: HeldThread): HeldThread {
    const { signal, abort, unlink } = linkSignal(taken.lost);
    let released: Promise<void> | undefined;
    const release = () => {
      released ??= taken.release().then(() => {
        this.#closers.delete(close);
        this.#holders.delete(threadId);
        unlink();
      });
      return released;
    };
    const close = async () => {
      abort(new Error("the checkpointer was closed"));
      await release();
    };
    this.#closers.add(close);
    return { lost: signal, release };
  }
}

/** Who holds a thread, as far as we know. */
export interface ThreadHolder {
  readonly host?: string;
  readonly pid?: number;
  readonly since?: Date;
}

/** A thread cannot be worked on because somebody else is working on it. */
export class ThreadBusyError extends PlanExecuteError {
  readonly code = "THREAD_BUSY";
  readonly threadId: string;
  readonly holder: ThreadHolder;

  constructor(threadId: string, holder: ThreadHolder) {
    super(
      `Somebody is at work on the thread "${threadId}": ${describe(holder)}. ` +
        "Try again when that has ended, or abort it there; a lock whose owner has died is freed by itself.",
    );
    this.threadId = threadId;
    this.holder = holder;
  }
}

/** The lock of a thread was lost during the work, so somebody else may be working on the thread by now. */
export class ThreadLockLostError extends PlanExecuteError {
  readonly code = "THREAD_LOCK_LOST";
  readonly threadId: string;

  constructor(threadId: string, why: string, cause: unknown) {
    super(
      `The lock of the thread "${threadId}" was lost: ${why}. What was finished is kept: take the lock again and go on.`,
      { cause },
    );
    this.threadId = threadId;
  }
}

function describe({ host, pid, since }: ThreadHolder): string {
  const who = pid === undefined ? "another process" : `process ${pid}`;
  const where = host === undefined ? "" : ` on ${host}`;
  return `${who}${where}${since === undefined ? "" : `, since ${since.toISOString()}`}`;
}
