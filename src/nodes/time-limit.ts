import type { NodeContext } from "./node-context.js";

/** The turn's wall-clock limit, while a node is at work. */
export interface TimeLimit {
  /** Aborts when the time is up: it ends steps, not the run. */
  readonly signal: AbortSignal;
  /** What was reached, as a sentence, if it was. */
  reached(): string | undefined;
  dispose(): void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Watches the turn's wall-clock limit; says so once where it is reached. */
export function createTimeLimit({ remainingMs, settings, emit }: NodeContext): TimeLimit {
  const controller = new AbortController();
  const { maxDurationMs } = settings.limits;
  const message = `The turn's time is up: limits.maxDurationMs is ${maxDurationMs} ms.`;
  const expire = () => {
    emit({ type: "limit.reached", limit: "maxDurationMs", message });
    controller.abort(new DOMException(message, "TimeoutError"));
  };
  const timer = remainingMs <= LONGEST_TIMER_MS ? setTimeout(expire, remainingMs) : undefined;
  return {
    signal: controller.signal,
    reached: () => (controller.signal.aborted ? message : undefined),
    dispose: () => clearTimeout(timer),
  };
}
