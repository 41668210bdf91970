import { LimitError } from "../models/index.js";
import { linkSignal } from "../signals/index.js";
import type { NodeContext } from "./node-context.js";
import { createTimeLimit } from "./time-limit.js";

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
    if (context.signal?.aborted) context.emit({ type: "agent.cancelled", inFlight: inFlight() });
    const reached = limit.reached();
    if (reached === undefined || context.signal?.aborted) throw error;
    throw new LimitError("maxDurationMs", reached);
  } finally {
    unlink();
    limit.dispose();
  }
}
