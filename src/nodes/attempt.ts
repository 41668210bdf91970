import type { StepError } from "../plan/index.js";
import { backoffMs } from "../policy/index.js";
import type { NodeContext } from "./node-context.js";
import { withDeadline } from "./with-deadline.js";

/** How one attempt at a piece of work ended. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly error: StepError;
      readonly retryable: boolean;
    };

/** How the last attempt ended, and how many there were. */
export type Attempts<T> = Attempt<T> & { readonly attempts: number };

/** How long an attempt may take, and whether one that took longer is worth repeating. */
export interface AttemptTimeout {
  readonly ms: number;
  readonly retryable: boolean;
}

/**
 * Tries until an attempt comes out right, is not worth repeating, or was the last: the one owner of retries of
 * steps. Each attempt has a deadline of its own; an attempt that is over it is left behind. Only the run's own
 * abort is thrown.
 */
export async function attempt<T>(
  stepId: string,
  context: NodeContext,
  signal: AbortSignal,
  work: (signal: AbortSignal, attempt: number) => Promise<Attempt<T>>,
  timeout: AttemptTimeout,
): Promise<Attempts<T>> {
  const { executor } = context.settings;
  for (let count = 1; ; count++) {
    const ended = await withDeadline<Attempt<T>>(
      signal,
      timeout.ms,
      (attemptSignal) => work(attemptSignal, count),
      () => timedOut(timeout),
    );
    if (ended.ok || !ended.retryable || count >= executor.maxAttempts) return { ...ended, attempts: count };
    const delayMs = backoffMs(count, executor.backoff, context.services.random);
    context.emit({
      type: "step.retried",
      stepId,
      attempt: count + 1,
      delayMs,
      error: ended.error.message,
    });
    await context.services.sleep(delayMs, signal);
  }
}

function timedOut({ ms, retryable }: AttemptTimeout): Attempt<never> {
  const message = `It took longer than ${ms} ms and was left behind; what it still does is not looked at.`;
  return { ok: false, error: { code: "TIMEOUT", message }, retryable };
}
