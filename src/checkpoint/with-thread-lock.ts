import { describeError, linkSignal } from "../base/index.js";
import { CheckpointerError } from "./checkpointer-error.js";
import type { OpenCheckpointer } from "./driver.js";
import { ThreadBusyError, ThreadLockLostError } from "./thread-locks.js";

/** How to hold a thread during the work. */
export interface ThreadLockOptions {
  /** Aborts the work, as does losing the lock. */
  readonly signal?: AbortSignal;
  /**
   * How long an owner may give no sign of life before it counts as dead, in milliseconds, from 100 to
   * 3,600,000. An owner gives five signs in that time. PostgreSQL notices a dead process at once; there, this
   * is how long to wait for a connection that has gone silent.
   * @default 5000
   */
  readonly staleAfterMs?: number;
  /**
   * Returns the time in milliseconds.
   * @default Date.now
   */
  readonly now?: () => number;
}

/**
 * Works on a thread while nobody else does, in this process or in any other that uses the same database. The
 * work gets a signal that aborts when the lock is lost or when the caller's own signal aborts. Pass it to
 * `agent.invoke`.
 * @throws ThreadBusyError at once if somebody else holds the thread; ThreadLockLostError if the lock was lost.
 */
export async function withThreadLock<Result>(
  { lockThread }: Pick<OpenCheckpointer, "lockThread">,
  threadId: string,
  work: (signal: AbortSignal) => Promise<Result>,
  { signal, staleAfterMs, now }: ThreadLockOptions = {},
): Promise<Result> {
  if (staleAfterMs !== undefined && !(staleAfterMs >= 100 && staleAfterMs <= 3_600_000)) {
    throw new CheckpointerError("INVALID_OPTIONS", "staleAfterMs must be from 100 to 3,600,000.");
  }
  if (typeof lockThread !== "function") {
    throw new CheckpointerError(
      "INVALID_OPTIONS",
      "withThreadLock needs a checkpointer that can lock threads: await createCheckpointer(url).",
    );
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
  // It may have been lost before anybody listened.
  if (lost.aborted) {
    lose();
  }
  try {
    const result = await work(linked.signal);
    // If the lock was lost, somebody else may have worked on the thread meanwhile, so the result does not count.
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
