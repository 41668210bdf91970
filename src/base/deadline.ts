import { linkSignal, raceSignal } from "./signals.js";

/** A time limit on one piece of work. */
export interface Deadline {
  /** Aborts when the time is over, or when one of the signals that the deadline is linked to aborts. */
  readonly signal: AbortSignal;
  /** Whether the time ran out before anything else ended the work. */
  readonly isOver: boolean;
  /**
   * Runs the work, then ends the deadline. Rejects with the signal's reason as soon as the signal aborts, even if the
   * work ignores the signal.
   */
  race<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
  /** Ends the deadline when the work is done: clears the timer and removes the listeners from other signals. */
  end(): void;
}

/** The longest time that a Node timer can wait. With a longer one it would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Starts a deadline. `message` becomes the message of the signal's reason if the time runs out. */
export function startDeadline(
  ms: number,
  message: string,
  ...parents: readonly (AbortSignal | undefined)[]
): Deadline {
  const linked = linkSignal(...parents);
  let reason: DOMException | undefined;
  const expire = () => {
    reason = new DOMException(message, "TimeoutError");
    linked.abort(reason);
  };
  const timer = ms <= LONGEST_TIMER_MS ? setTimeout(expire, ms) : undefined;
  const { signal } = linked;
  const end = () => {
    clearTimeout(timer);
    linked.unlink();
  };
  return {
    signal,
    get isOver() {
      return reason !== undefined && signal.reason === reason;
    },
    async race(work) {
      try {
        return await raceSignal(work(signal), signal);
      } catch (error) {
        // The work may have noticed the abort first and thrown an error of its own.
        throw signal.aborted ? signal.reason : error;
      } finally {
        end();
      }
    },
    end,
  };
}

/**
 * Waits for a promise, but rejects when the time is over. Use it for work that takes no signal, because a signal and
 * its listeners would cost more than the rest of a short step.
 */
export function inTime<Value>(work: Promise<Value>, ms: number, message: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DOMException(message, "TimeoutError")), ms);
    const end = () => clearTimeout(timer);
    work.then(resolve, reject).then(end, end);
  });
}
