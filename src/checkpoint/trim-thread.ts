import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { CheckpointerError } from "./checkpointer-error.js";
import type { OpenCheckpointer } from "./open-checkpointer.js";
import { withThreadLock } from "./with-thread-lock.js";

/** How much of a thread's history is left. */
export type TrimThreadOptions = {
  /** How many checkpoints of each namespace are kept, the newest; at least 1. */
  readonly keep: number;
};

/**
 * Removes a thread's older checkpoints, with the writes and values that only they needed, and returns how many. The
 * thread goes on as before, also from a request that waits; forks and replays reach back only to what was kept.
 * @throws ThreadBusyError while somebody holds the thread by `withThreadLock`.
 */
export async function trimThread(
  opened: OpenCheckpointer,
  threadId: string,
  { keep }: TrimThreadOptions,
): Promise<number> {
  if (!Number.isInteger(keep) || keep < 1)
    throw new CheckpointerError("INVALID_OPTIONS", "keep must be a whole number, 1 or more.");
  return withThreadLock(opened, threadId, async () => {
    let removed = 0;
    for (const [namespace, ids] of await opened.retention.checkpointIds(threadId)) {
      const oldest = await oldestKept(opened.checkpointer, threadId, namespace, ids, keep);
      if (oldest !== undefined) removed += await opened.retention.removeBefore(threadId, namespace, oldest);
    }
    return removed;
  });
}

/** A checkpoint whose channels are kept as changes needs those before it, back to the last that has all of them. */
async function oldestKept(
  checkpointer: BaseCheckpointSaver,
  thread_id: string,
  checkpoint_ns: string,
  ids: readonly string[],
  keep: number,
): Promise<string | undefined> {
  for (const checkpoint_id of ids.slice(keep - 1, -1)) {
    const tuple = await checkpointer.getTuple({ configurable: { thread_id, checkpoint_ns, checkpoint_id } });
    const changes: unknown = Reflect.get(tuple?.metadata ?? {}, "counters_since_delta_snapshot");
    if (Object.keys(Object(changes)).length === 0) return checkpoint_id;
  }
  return undefined;
}
