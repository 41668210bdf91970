import { linkSignal, startDeadline } from "../../base/index.js";
import { LimitError } from "../../models/index.js";
import type { NodeContext } from "./node-context.js";

/** The turn's wall-clock limit while a node works. */
interface TimeLimit {
  /** Aborts when the time is up. This ends steps, not the run. */
  readonly signal: AbortSignal;
  /** A sentence that names the limit, if it was reached. */
  reached(): string | undefined;
  dispose(): void;
}

/** Watches the turn's wall-clock limit, and emits one event when it is reached. */
export function createTimeLimit({ remainingMs, settings, emit }: NodeContext): TimeLimit {
  const { maxDurationMs } = settings.limits;
  const message = `The turn's time is up: limits.maxDurationMs is ${maxDurationMs} ms.`;
  const deadline = startDeadline(remainingMs, message);
  deadline.signal.addEventListener("abort", () => {
    emit({ type: "limit.reached", limit: "maxDurationMs", message });
  });
  return {
    signal: deadline.signal,
    reached: () => (deadline.isOver ? message : undefined),
    dispose: deadline.end,
  };
}

/**
 * Does a node's own work within the turn's wall-clock limit. If the time is up first, that is a limit like any other:
 * the signal of the work aborts, and a `LimitError` is thrown.
 */
export async function withinTime<T>(
  context: NodeContext,
  work: (context: NodeContext) => Promise<T>,
  inFlight: () => readonly string[] = () => [],
): Promise<T> {
  // Whoever catches the error emits the limit event, as for other limits.
  const limit = createTimeLimit({ ...context, emit: () => "" });
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
