import { linkSignal } from "./signals.js";

/**
 * Gives work that heeds its signal a time limit. If the time runs out first, the result is what `whenOver` returns.
 * If the run itself is aborted, its reason is thrown.
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
