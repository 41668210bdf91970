// The one way to do something again. The work stands in the caller's loop, which goes round as long as `again` allows
// it: so there is no function around the work, and nothing of it has to be passed through here.
//
//     do {
//       outcome = await callTool();
//     } while (!outcome.ok && (await retry.again(outcome)));

/** How long to wait before the next attempt. */
export interface Backoff {
  /** The wait before the second attempt, in milliseconds. It doubles before each further attempt. */
  readonly baseMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxMs: number;
}

/**
 * Computes the wait after this many failed attempts. It is random, between half and all of the doubled base, so that
 * runs which failed together do not retry together.
 */
export function backoffMs(failedAttempts: number, { baseMs, maxMs }: Backoff, random: () => number): number {
  const longest = Math.min(maxMs, baseMs * 2 ** (failedAttempts - 1));
  return Math.round(longest * (0.5 + random() / 2));
}

/** The clock and the chance that attempts are made with. */
export interface RetryPace {
  readonly backoff: Backoff;
  readonly random: () => number;
  /** Waits; rejects with the signal's reason when it aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The next attempt, about to be waited for. */
export interface NextAttempt<Failure> {
  /** Its number: 2 for the first that is made again. */
  readonly attempt: number;
  readonly delayMs: number;
  /** What the attempt before it ended with. */
  readonly failure: Failure;
}

/** How often something is tried, and what is worth it. */
export interface RetryOptions<Failure> {
  /** The most attempts, the first included. */
  readonly attempts: number;
  readonly pace: RetryPace;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  /** Whether another attempt may come out right. @default always */
  isWorth?(failure: Failure): boolean;
  /** The wait that a failure asks for itself, in place of the backoff. @default none */
  waitMs?(failure: Failure): number | undefined;
  /** Told before the wait. */
  onRetry?(next: NextAttempt<Failure>): void;
}

/** The attempts at one piece of work. */
export class Retry<Failure = unknown> {
  readonly #options: RetryOptions<Failure>;
  #attempt = 1;

  constructor(options: RetryOptions<Failure>) {
    this.#options = options;
  }

  /** The number of the attempt that is made now, or was the last. */
  get attempt(): number {
    return this.#attempt;
  }

  /**
   * Whether the work is to be done again; resolves when it is time to. Rejects with the signal's reason where that
   * aborts during the wait.
   */
  async again(failure: Failure): Promise<boolean> {
    const { attempts, pace, signal, isWorth, waitMs, onRetry } = this.#options;
    if (this.#attempt >= attempts || isWorth?.(failure) === false) {
      return false;
    }
    const delayMs = waitMs?.(failure) ?? backoffMs(this.#attempt, pace.backoff, pace.random);
    onRetry?.({ attempt: this.#attempt + 1, delayMs, failure });
    await pace.sleep(delayMs, signal);
    this.#attempt += 1;
    return true;
  }
}
