import type { BaseCheckpointSaver, BaseStore } from "@langchain/langgraph";
import { isWhole, smallestIdAt, tellsTime } from "../langgraph/index.js";
import { CheckpointerError } from "./checkpointer-error.js";
import type { OpenedCheckpoints } from "./driver.js";
import { ThreadBusyError } from "./thread-locks.js";
import { withThreadLock } from "./with-thread-lock.js";

/** What to delete besides a thread's checkpoints. */
export interface DeleteThreadOptions {
  /** The agents' store. What this package keeps there for the thread is deleted too. */
  readonly store?: BaseStore;
}

/** Which threads count as old. */
export type DeleteOldThreadsOptions = DeleteThreadOptions & {
  /** Minimum age of the thread's newest checkpoint, in milliseconds. */
  readonly olderThanMs: number;
  /**
   * Returns the time in milliseconds.
   * @default Date.now
   */
  readonly now?: () => number;
};

const THREADS_AT_ONCE = 8;
const ENTRIES_AT_ONCE = 100;

/**
 * Deletes a thread: its checkpoints, and what this package keeps for it in the store.
 * @throws ThreadBusyError while somebody holds the thread through `withThreadLock`.
 */
export async function deleteThread(
  opened: OpenedCheckpoints,
  threadId: string,
  { store }: DeleteThreadOptions = {},
): Promise<void> {
  await withThreadLock(opened, threadId, () => removeThread(opened, threadId, store));
}

/**
 * Deletes the threads whose newest checkpoint is older than `olderThanMs`, whatever they are waiting for, and
 * returns their ids. It skips threads that somebody holds through `withThreadLock`, and threads whose
 * checkpoint ids are not LangGraph's.
 */
export async function deleteThreadsOlderThan(
  opened: OpenedCheckpoints,
  { olderThanMs, now = Date.now, store }: DeleteOldThreadsOptions,
): Promise<string[]> {
  if (!(olderThanMs >= 0)) {
    throw new CheckpointerError(
      "INVALID_OPTIONS",
      "olderThanMs must be a number of milliseconds, 0 or more.",
    );
  }
  const oldestKept = smallestIdAt(now() - olderThanMs);
  const found = await opened.retention.threadsBefore(oldestKept);
  const old = found.filter(({ newestId }) => tellsTime(newestId)).map(({ threadId }) => threadId);
  const deleted: string[] = [];
  for (let start = 0; start < old.length; start += THREADS_AT_ONCE) {
    const some = old.slice(start, start + THREADS_AT_ONCE);
    const done = await Promise.all(some.map((threadId) => removeIfOld(opened, threadId, oldestKept, store)));
    deleted.push(...some.filter((_, index) => done[index]));
  }
  return deleted;
}

/** Checks the age again under the lock, because somebody may have continued the thread meanwhile. */
async function removeIfOld(
  opened: OpenedCheckpoints,
  threadId: string,
  oldestKept: string,
  store: BaseStore | undefined,
): Promise<boolean> {
  return unlessBusy(opened, threadId, async () => {
    const ids = await opened.retention.checkpointIds(threadId);
    if ([...ids.values()].some(([newest = ""]) => newest >= oldestKept)) {
      return false;
    }
    await removeThread(opened, threadId, store);
    return true;
  });
}

/** Does something to a thread under its lock, and returns what that returns; false if somebody else holds the thread. */
export async function unlessBusy(
  opened: Pick<OpenedCheckpoints, "lockThread">,
  threadId: string,
  work: () => Promise<boolean>,
): Promise<boolean> {
  try {
    return await withThreadLock(opened, threadId, work);
  } catch (error) {
    if (error instanceof ThreadBusyError) {
      return false;
    }
    throw error;
  }
}

/** Deletes a thread whose lock the caller holds. It clears the store first: if that fails, the thread is found again. */
export async function removeThread(
  { checkpointer }: Pick<OpenedCheckpoints, "checkpointer">,
  threadId: string,
  store: BaseStore | undefined,
): Promise<void> {
  await removeEntries(store, threadNamespace(threadId));
  await checkpointer.deleteThread(threadId);
}

/** Deletes what a store has under a namespace. */
export async function removeEntries(store: BaseStore | undefined, namespace: string[]): Promise<void> {
  for (;;) {
    const entries = (await store?.search(namespace, { limit: ENTRIES_AT_ONCE })) ?? [];
    if (store === undefined || entries.length === 0) {
      return;
    }
    await store.batch(entries.map(({ namespace, key }) => ({ namespace, key, value: null })));
  }
}

/** How much of a thread's history to keep. */
export interface TrimThreadOptions {
  /** How many of the newest checkpoints to keep in each namespace; at least 1. */
  readonly keep: number;
}

/**
 * Removes a thread's older checkpoints, together with the writes and values that only they needed. Returns
 * how many checkpoints were removed. The thread continues as before, and a pending request can still be
 * answered. Forks and replays reach back only as far as the kept checkpoints.
 * @throws ThreadBusyError while somebody holds the thread through `withThreadLock`.
 */
export async function trimThread(
  opened: OpenedCheckpoints,
  threadId: string,
  { keep }: TrimThreadOptions,
): Promise<number> {
  if (!Number.isInteger(keep) || keep < 1) {
    throw new CheckpointerError("INVALID_OPTIONS", "keep must be a whole number, 1 or more.");
  }
  return withThreadLock(opened, threadId, () => removeCheckpoints(opened, threadId, keep));
}

/** Trims a thread whose lock the caller holds. */
export async function removeCheckpoints(
  { checkpointer, retention }: Pick<OpenedCheckpoints, "checkpointer" | "retention">,
  threadId: string,
  keep: number,
): Promise<number> {
  let removed = 0;
  for (const [namespace, ids] of await retention.checkpointIds(threadId)) {
    const oldest = await oldestKept(checkpointer, threadId, namespace, ids, keep);
    if (oldest !== undefined) {
      removed += await retention.removeBefore(threadId, namespace, oldest);
    }
  }
  return removed;
}

/**
 * Finds the oldest checkpoint to keep. A checkpoint that stores channels as changes needs those before it,
 * back to the last one that has the channels in full, so more than `keep` may stay.
 */
async function oldestKept(
  checkpointer: BaseCheckpointSaver,
  thread_id: string,
  checkpoint_ns: string,
  ids: readonly string[],
  keep: number,
): Promise<string | undefined> {
  for (const checkpoint_id of ids.slice(keep - 1, -1)) {
    const tuple = await checkpointer.getTuple({ configurable: { thread_id, checkpoint_ns, checkpoint_id } });
    if (isWhole(tuple)) {
      return checkpoint_id;
    }
  }
  return undefined;
}

/**
 * Returns the store namespace of a thread. Everything that this package keeps for the thread is under it, so
 * whoever deletes the thread can delete that too.
 */
export function threadNamespace(threadId: string): string[] {
  return ["plan-execute", toNamespaceLabel(threadId)];
}

/**
 * Turns any text into one label of a store's namespace, such that no other text's label begins with it.
 *
 * Thread ids may contain anything. A store's labels may not contain the separator or anything that LIKE reads
 * as a pattern. Stores also match prefixes as plain text, where "1" is the beginning of "10". So everything
 * except letters, digits and hyphens is written as its number, and every label ends with the same mark.
 */
export function toNamespaceLabel(text: string): string {
  return `${text.replace(/[^A-Za-z0-9-]/g, (unit) => `~${unit.charCodeAt(0).toString(16)}~`)}!`;
}
