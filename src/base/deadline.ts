import { linkSignal } from "./signals.js";

/**
 * Does a piece of work that heeds its signal within a time of its own. Where that is over first, the answer is
 * `whenOver`'s; the run's own abort is thrown.
 */
export async function withDeadline<T>(
  signal: AbortSignal | undefined,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  whenOver: () => T,
): Promise<T> {
  const linked = linkSignal(signal);
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    linked.abort(new DOMException("The time for this call is up.", "TimeoutError"));
  }, ms);
  try {
    return await work(linked.signal);
  } catch (error) {
    if (signal?.aborted) {
      throw signal.reason;
    }
    if (!isOver) {
      throw error;
    }
    return whenOver();
  } finally {
    clearTimeout(timer);
    linked.unlink();
  }
}
