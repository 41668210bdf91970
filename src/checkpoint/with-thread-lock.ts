import { describeError, linkSignal } from "../base/index.js";
import { CheckpointerError } from "./checkpointer-error.js";
import type { OpenCheckpointer } from "./driver.js";
import { ThreadBusyError, ThreadLockLostError } from "./thread-locks.js";

/** How a thread is held while it is worked on. */
export interface ThreadLockOptions {
  /** Aborts the work, together with the loss of the lock. */
  readonly signal?: AbortSignal;
  /**
   * After how long without a sign of life, in milliseconds, an owner counts as dead; it gives five in that time. From
   * 100 to 3,600,000. On PostgreSQL a dead process is noticed at once, and this is how long a silent connection is
   * waited for.
   * @default 5000
   */
  readonly staleAfterMs?: number;
  /**
   * The time in milliseconds.
   * @default Date.now
   */
  readonly now?: () => number;
}

/**
 * Works on a thread while nobody else does, in this process or another with the same database. The work gets a signal
 * that aborts when the lock is lost, or the caller's own signal does; hand it to `agent.invoke`.
 * @throws ThreadBusyError at once when somebody else holds the thread; ThreadLockLostError when the lock was lost.
 */
export async function withThreadLock<Result>(
  { lockThread }: Pick<OpenCheckpointer, "lockThread">,
  threadId: string,
  work: (signal: AbortSignal) => Promise<Result>,
  { signal, staleAfterMs = 5_000, now = Date.now }: ThreadLockOptions = {},
): Promise<Result> {
  if (!(staleAfterMs >= 100 && staleAfterMs <= 3_600_000)) {
    throw new CheckpointerError("INVALID_OPTIONS", "staleAfterMs must be from 100 to 3,600,000.");
  }
  signal?.throwIfAborted();
  const taken = await lockThread(threadId, { staleAfterMs, now });
  if ("heldBy" in taken) {
    throw new ThreadBusyError(threadId, taken.heldBy);
  }
  const { lost, release } = taken;
  const linked = linkSignal(signal);
  const lose = () => linked.abort(new ThreadLockLostError(threadId, describeError(lost.reason), lost.reason));
  lost.addEventListener("abort", lose);
  try {
    const result = await work(linked.signal);
    // Somebody else may have worked on the thread meanwhile, whatever this work took for its end.
    if (lost.aborted) {
      throw linked.signal.reason;
    }
    return result;
  } catch (error) {
    throw lost.aborted ? linked.signal.reason : error;
  } finally {
    lost.removeEventListener("abort", lose);
    linked.unlink();
    await release();
  }
}
