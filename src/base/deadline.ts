import { linkSignal, raceSignal } from "./signals.js";

/** A time within which a piece of work has to be done. */
export interface Deadline {
  /** What the work has to heed: it aborts when the time is over, and with the signals that it is linked to. */
  readonly signal: AbortSignal;
  /** Whether the time was over before anything else ended the work. */
  readonly isOver: boolean;
  /** Does work that need not heed the signal, and ends the deadline: rejects with the signal's reason when it aborts. */
  race<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
  /** The work is done: nothing is left behind, on the clock or on other signals. */
  end(): void;
}

/** The longest time that a timer of Node's can wait for: a longer one would be over at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Begins a deadline. `message` is what the signal's reason says when the time is over. */
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
        // The work may have noticed first, and said so in words of its own.
        throw signal.aborted ? signal.reason : error;
      } finally {
        end();
      }
    },
    end,
  };
}

/**
 * The promise, or a rejection when the time is over. It is for work that heeds no signal: a signal and its listeners
 * would cost more than the rest of a short step.
 */
export function inTime<Value>(work: Promise<Value>, ms: number, message: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DOMException(message, "TimeoutError")), ms);
    const end = () => clearTimeout(timer);
    work.then(resolve, reject).then(end, end);
  });
}
