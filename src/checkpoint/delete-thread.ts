import type { BaseStore } from "@langchain/langgraph";
import { smallestIdAt, tellsTime } from "./checkpoint-time.js";
import { CheckpointerError } from "./checkpointer-error.js";
import type { OpenCheckpointer } from "./open-checkpointer.js";
import { ThreadBusyError } from "./thread-lock-errors.js";
import { threadNamespace } from "./thread-namespace.js";
import { withThreadLock } from "./with-thread-lock.js";

/** What is deleted beside a thread's checkpoints. */
export type DeleteThreadOptions = {
  /** The agents' store: what this package keeps of the thread there is deleted too. */
  readonly store?: BaseStore;
};

/** Which threads are old. */
export type DeleteOldThreadsOptions = DeleteThreadOptions & {
  /** How long ago the newest checkpoint was made, at least, in milliseconds. */
  readonly olderThanMs: number;
  /**
   * The time in milliseconds.
   * @default Date.now
   */
  readonly now?: () => number;
};

const threadsAtOnce = 8;
const entriesAtOnce = 100;

/**
 * Deletes a thread: its checkpoints, and what this package keeps of it in the store.
 * @throws ThreadBusyError while somebody holds it by `withThreadLock`.
 */
export async function deleteThread(
  opened: OpenCheckpointer,
  threadId: string,
  { store }: DeleteThreadOptions = {},
): Promise<void> {
  await withThreadLock(opened, threadId, () => remove(opened, threadId, store));
}

/**
 * Deletes the threads whose newest checkpoint is older, whatever they wait for, and returns their ids. Left alone are
 * threads that somebody holds by `withThreadLock`, and those whose checkpoint ids are not LangGraph's.
 */
export async function deleteThreadsOlderThan(
  opened: OpenCheckpointer,
  { olderThanMs, now = Date.now, store }: DeleteOldThreadsOptions,
): Promise<string[]> {
  if (!(olderThanMs >= 0))
    throw new CheckpointerError(
      "INVALID_OPTIONS",
      "olderThanMs must be a number of milliseconds, 0 or more.",
    );
  const oldestKept = smallestIdAt(now() - olderThanMs);
  const found = await opened.retention.threadsBefore(oldestKept);
  const old = found.filter(({ newestId }) => tellsTime(newestId)).map(({ threadId }) => threadId);
  const deleted: string[] = [];
  for (let start = 0; start < old.length; start += threadsAtOnce) {
    const some = old.slice(start, start + threadsAtOnce);
    const done = await Promise.all(some.map((threadId) => removeIfOld(opened, threadId, oldestKept, store)));
    deleted.push(...some.filter((_, index) => done[index]));
  }
  return deleted;
}

/** Before the lock was taken somebody may have gone on with the thread. */
async function removeIfOld(
  opened: OpenCheckpointer,
  threadId: string,
  oldestKept: string,
  store: BaseStore | undefined,
): Promise<boolean> {
  try {
    return await withThreadLock(opened, threadId, async () => {
      const ids = await opened.retention.checkpointIds(threadId);
      if ([...ids.values()].some(([newest = ""]) => newest >= oldestKept)) return false;
      await remove(opened, threadId, store);
      return true;
    });
  } catch (error) {
    if (error instanceof ThreadBusyError) return false;
    throw error;
  }
}

/** The store comes first: if it fails, the thread is still there, and is found again. */
async function remove(
  { checkpointer }: OpenCheckpointer,
  threadId: string,
  store: BaseStore | undefined,
): Promise<void> {
  for (;;) {
    const entries = (await store?.search(threadNamespace(threadId), { limit: entriesAtOnce })) ?? [];
    if (store === undefined || entries.length === 0) break;
    await store.batch(entries.map(({ namespace, key }) => ({ namespace, key, value: null })));
  }
  await checkpointer.deleteThread(threadId);
}
