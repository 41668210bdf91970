import { backoffMs } from "../policy/index.js";
import type { Attempt, Attempts, AttemptTimeout } from "./attempts.js";
import type { NodeContext } from "./node-context.js";
import { withDeadline } from "./with-deadline.js";

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
