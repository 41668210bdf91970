import { PlanExecuteError } from "../errors/index.js";
import { type Backoff, backoffMs } from "../policy/index.js";
import { MAX_STORAGE_ATTEMPTS, MAX_STORAGE_WAIT_MS, STORAGE_TIMEOUT_MS } from "./settings.js";

/** How a database is tried again. */
export interface StorageRetry {
  /** @default MAX_STORAGE_ATTEMPTS */
  readonly maxAttempts?: number;
  /** The waits of the run's steps, which are cut short here. */
  readonly backoff: Backoff;
  readonly random: () => number;
  /** Waits; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** When it aborts, nothing is tried again. */
  readonly signal: AbortSignal | undefined;
}

/** What came of trying. */
export type Tried<Result> =
  | { readonly ok: true; readonly value: Result }
  | { readonly ok: false; readonly error: unknown; readonly attempts: number };

/** Reads or writes, again where it fails, within a bound. */
export async function tryStorage<Result>(
  work: () => Promise<Result>,
  { maxAttempts = MAX_STORAGE_ATTEMPTS, backoff, random, sleep, signal }: StorageRetry,
): Promise<Tried<Result>> {
  const waits = { ...backoff, maxMs: Math.min(backoff.maxMs, MAX_STORAGE_WAIT_MS) };
  for (let attempts = 1; ; attempts++) {
    try {
      return { ok: true, value: await inTime(work) };
    } catch (error) {
      // Our own errors say what is to be done first.
      const isLast = error instanceof PlanExecuteError || attempts >= maxAttempts;
      if (isLast || !(await wait(backoffMs(attempts, waits, random)))) {
        return { ok: false, error, attempts };
      }
    }
  }

  /** Whether it waited to the end, and the run was not aborted. */
  function wait(ms: number): Promise<boolean> {
    return sleep(ms, signal).then(
      () => true,
      () => false,
    );
  }
}

/** Each write of a run comes here: a signal and its listeners would cost more than the rest of a short step. */
function inTime<Result>(work: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error(`it gave no answer for ${STORAGE_TIMEOUT_MS} ms`));
    const timer = setTimeout(giveUp, STORAGE_TIMEOUT_MS);
    const end = () => clearTimeout(timer);
    work().then(resolve, reject).then(end, end);
  });
}
