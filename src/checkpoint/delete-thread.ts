import type { BaseCheckpointSaver, BaseStore } from "@langchain/langgraph";
import { CheckpointerError } from "./checkpointer-error.js";
import type { OpenCheckpointer } from "./driver.js";
import { ThreadBusyError } from "./thread-locks.js";
import { withThreadLock } from "./with-thread-lock.js";

/**
 * Where a thread's own entries stand in a store: everything that this package keeps of a thread is under it, so that
 * whoever deletes the thread can delete them too. Thread ids may hold anything; a store's labels may not hold what
 * separates them or what LIKE reads as a pattern, and the stores find a prefix as text, where "1" is the beginning of
 * "10". So everything but letters, digits and hyphens is written as its number, and the label has an end of its own.
 */
export function threadNamespace(threadId: string): string[] {
  return ["plan-execute", toNamespaceLabel(threadId)];
}

/** Any text as a label of a store's namespace; no other text's label begins with it. */
export function toNamespaceLabel(text: string): string {
  return `${text.replace(/[^A-Za-z0-9-]/g, (unit) => `~${unit.charCodeAt(0).toString(16)}~`)}!`;
}

/** A UUID of version 6 counts tenths of microseconds since the Gregorian calendar began; this many until 1970. */
const GREGORIAN_OFFSET = 122_192_928_000_000_000n;

/**
 * The smallest id that a checkpoint of this time can have: LangGraph's checkpoint ids are UUIDs of version 6, made in
 * the same moment as the checkpoint's `ts`, and sort by time. Unlike `ts` they can be read where states are encrypted.
 */
function smallestIdAt(timeMs: number): string {
  const ticks = BigInt(Math.max(0, Math.ceil(timeMs))) * 10_000n + GREGORIAN_OFFSET;
  const digits = ticks.toString(16).padStart(15, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-6${digits.slice(12)}`;
}

/** Whether an id tells its time. */
function tellsTime(checkpointId: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-6[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(checkpointId);
}

/** How much of a thread's history is left. */
export interface TrimThreadOptions {
  /** How many checkpoints of each namespace are kept, the newest; at least 1. */
  readonly keep: number;
}

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
  if (!Number.isInteger(keep) || keep < 1) {
    throw new CheckpointerError("INVALID_OPTIONS", "keep must be a whole number, 1 or more.");
  }
  return withThreadLock(opened, threadId, async () => {
    let removed = 0;
    for (const [namespace, ids] of await opened.retention.checkpointIds(threadId)) {
      const oldest = await oldestKept(opened.checkpointer, threadId, namespace, ids, keep);
      if (oldest !== undefined) {
        removed += await opened.retention.removeBefore(threadId, namespace, oldest);
      }
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
    if (Object.keys(Object(changes)).length === 0) {
      return checkpoint_id;
    }
  }
  return undefined;
}

/** What is deleted beside a thread's checkpoints. */
export interface DeleteThreadOptions {
  /** The agents' store: what this package keeps of the thread there is deleted too. */
  readonly store?: BaseStore;
}

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

const THREADS_AT_ONCE = 8;
const ENTRIES_AT_ONCE = 100;

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
      if ([...ids.values()].some(([newest = ""]) => newest >= oldestKept)) {
        return false;
      }
      await remove(opened, threadId, store);
      return true;
    });
  } catch (error) {
    if (error instanceof ThreadBusyError) {
      return false;
    }
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
    const entries = (await store?.search(threadNamespace(threadId), { limit: ENTRIES_AT_ONCE })) ?? [];
    if (store === undefined || entries.length === 0) {
      break;
    }
    await store.batch(entries.map(({ namespace, key }) => ({ namespace, key, value: null })));
  }
  await checkpointer.deleteThread(threadId);
}
