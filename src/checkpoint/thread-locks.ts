import { hostname } from "node:os";
import { linkSignal, PlanExecuteError } from "../base/index.js";

/** How a thread is taken. */
export interface LockRequest {
  /** After how long without a sign of life others may take a thread over. */
  readonly staleAfterMs: number;
  /** The time in milliseconds; processes that share a file must share it too. */
  readonly now: () => number;
}

/** A thread that is held. */
interface HeldThread {
  /** Aborts, with an error that says why, when the thread is no longer held and was not released. */
  readonly lost: AbortSignal;
  /** Lets go of it; never fails, since a lock that is left behind ends by itself. */
  readonly release: () => Promise<void>;
}

/** A thread that was taken, or who has it. */
type TakenThread = HeldThread | { readonly heldBy: ThreadHolder };

/** Takes a thread at once, or says who has it; waits for nobody. */
export type LockThread = (threadId: string, request: LockRequest) => Promise<TakenThread>;

/** The locks of one opened checkpointer: what this process holds is known here, what others hold is the driver's. */
export class ThreadLocks {
  readonly #take: LockThread;
  readonly #holders = new Map<string, ThreadHolder>();
  readonly #closers = new Set<() => Promise<void>>();

  /** `take` keeps other processes away. */
  constructor(take: LockThread) {
    this.#take = take;
  }

  /** Takes a thread, first in this process and then for all. */
  readonly lock: LockThread = async (threadId, request) => {
    const heldBy = this.#holders.get(threadId);
    if (heldBy !== undefined) {
      return { heldBy };
    }
    this.#holders.set(threadId, {
      host: hostname(),
      pid: process.pid,
      since: new Date(request.now()),
    });
    try {
      const taken = await this.#take(threadId, request);
      if ("lost" in taken) {
        return this.#hold(threadId, taken);
      }
      this.#holders.delete(threadId);
      return taken;
    } catch (error) {
      this.#holders.delete(threadId);
      throw error;
    }
  };

  /** Lets go of everything: whoever still works is told that its lock is lost. */
  async close(): Promise<void> {
    await Promise.all([...this.#closers].map((close) => close()));
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

/** Who holds a thread, as far as it is known. */
export interface ThreadHolder {
  readonly host?: string;
  readonly pid?: number;
  readonly since?: Date;
}

/** A thread cannot be worked on, because somebody else does. */
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

/** The lock of a thread was lost while it was worked on: somebody else may be at work on it by now. */
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
