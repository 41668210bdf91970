// Every retry in this package goes through this class. The caller keeps the work in its own loop and repeats it as long
// as `again` allows, so the work needs no function around it and nothing has to be passed through here.
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
 * Computes the wait after a number of failed attempts. The wait is random, between half and all of the doubled base, so
 * that runs which failed together do not retry together.
 */
export function backoffMs(failedAttempts: number, { baseMs, maxMs }: Backoff, random: () => number): number {
  const longest = Math.min(maxMs, baseMs * 2 ** (failedAttempts - 1));
  return Math.round(longest * (0.5 + random() / 2));
}

/** The backoff, the random numbers and the clock that determine the waits between attempts. */
export interface RetryPace {
  readonly backoff: Backoff;
  readonly random: () => number;
  /** Waits. Rejects with the signal's reason if the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The attempt that follows after the wait. */
export interface NextAttempt<Failure> {
  /** The attempt's number. The first retry is attempt 2. */
  readonly attempt: number;
  readonly delayMs: number;
  /** The wait that the failure itself asked for; undefined: none, so `delayMs` is the backoff. */
  readonly askedMs: number | undefined;
  /** How the previous attempt failed. */
  readonly failure: Failure;
}

/** How often to try something, and which failures are worth another attempt. */
export interface RetryOptions<Failure> {
  /** The most attempts, including the first. */
  readonly attempts: number;
  readonly pace: RetryPace;
  /** Cuts the wait short. */
  readonly signal?: AbortSignal;
  /** Whether another attempt may succeed. @default always */
  isWorth?(failure: Failure): boolean;
  /** The wait that the failure itself asks for, instead of the backoff. @default none */
  waitMs?(failure: Failure): number | undefined;
  /** Called before the wait. */
  onRetry?(next: NextAttempt<Failure>): void;
}

/** The attempts at one piece of work. */
export class Retry<Failure = unknown> {
  readonly #options: RetryOptions<Failure>;
  #attempt = 1;

  constructor(options: RetryOptions<Failure>) {
    this.#options = options;
  }

  /** The number of the current attempt, or of the last one. */
  get attempt(): number {
    return this.#attempt;
  }

  /**
   * Decides whether to do the work again. Waits for the backoff before it resolves to true. Rejects with the signal's
   * reason if the signal aborts during the wait.
   */
  async again(failure: Failure): Promise<boolean> {
    const { attempts, pace, signal, isWorth, waitMs, onRetry } = this.#options;
    if (this.#attempt >= attempts || isWorth?.(failure) === false) {
      return false;
    }
    const askedMs = waitMs?.(failure);
    const delayMs = askedMs ?? backoffMs(this.#attempt, pace.backoff, pace.random);
    onRetry?.({ attempt: this.#attempt + 1, delayMs, askedMs, failure });
    await pace.sleep(delayMs, signal);
    this.#attempt += 1;
    return true;
  }
}
