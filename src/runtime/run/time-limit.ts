import { linkSignal } from "../../base/index.js";
import { LimitError } from "../../models/index.js";
import type { NodeContext } from "./node-context.js";

/** The turn's wall-clock limit, while a node is at work. */
interface TimeLimit {
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

/**
 * Does a node's own work within the turn's wall-clock limit. Where the time is up first, it is a limit like any
 * other: the work's signal aborts, and a `LimitError` says so.
 */
export async function withinTime<T>(
  context: NodeContext,
  work: (context: NodeContext) => Promise<T>,
  inFlight: () => readonly string[] = () => [],
): Promise<T> {
  // Whoever catches the error tells of the limit, as with the other limits.
  const limit = createTimeLimit({ ...context, emit: () => {} });
  const { signal, unlink } = linkSignal(context.signal, limit.signal);
  try {
    const modelCalls = { ...context.modelCalls, signal };
    return await work({ ...context, signal, modelCalls });
  } catch (error) {
    if (context.signal?.aborted) {
      context.emit({ type: "agent.cancelled", inFlight: inFlight() });
    }
    const reached = limit.reached();
    if (reached === undefined || context.signal?.aborted) {
      throw error;
    }
    throw new LimitError("maxDurationMs", reached);
  } finally {
    unlink();
    limit.dispose();
  }
}
