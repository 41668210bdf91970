import type { PlanExecuteAgent } from "../agent/index.js";
import { deleteThread, deleteThreadsOlderThan, threadNamespace } from "../checkpoint/index.js";
import { readThread } from "./asking/index.js";
import type { CommandOptions } from "./options/index.js";
import { EXIT_CODES } from "./report.js";
import { toOneLine } from "./showing/index.js";
import { type Surroundings, UsageError } from "./surroundings.js";
import type { Threads } from "./threads.js";
import { toShellWord, writeJson, writeText } from "./write.js";

/** How many threads are listed: few, because each is read in full. */
const MAX_LISTED = 30;
const MAX_GOAL = 80;
/** Sorts after every checkpoint id, in whatever order a database sorts text. */
const AFTER_ALL = "z";

/** Whether the options ask for threads to be listed or deleted, and not for a run. */
export function asksToManage(options: CommandOptions): boolean {
  return (
    options.threads || options.deleteThread !== undefined || options.deleteThreadsOlderThan !== undefined
  );
}

/** Lists threads, or deletes some. Returns the exit code. */
export async function manageThreads(
  options: CommandOptions,
  threads: Threads,
  agent: PlanExecuteAgent,
  { stdout, now }: Pick<Surroundings, "stdout" | "now">,
): Promise<number> {
  if (options.threads) {
    const { listed, count } = await listThreads(threads, agent);
    if (options.json) {
      writeJson(stdout, listed, 2);
    } else {
      writeText(stdout, describeThreads(listed, count));
    }
    return EXIT_CODES.done;
  }
  const deleted = await deleteThreads(options, threads, now);
  if (options.json) {
    writeJson(stdout, { deleted }, 2);
  } else {
    writeText(
      stdout,
      deleted.length === 0 ? "No thread was deleted.\n" : `Deleted: ${deleted.map(toShellWord).join(", ")}\n`,
    );
  }
  return EXIT_CODES.done;
}

interface ListedThread {
  readonly threadId: string;
  readonly status: string;
  readonly changedAt?: string;
  readonly goal: string;
}

/** The threads that changed last, and how many there are. */
async function listThreads({ retention }: Threads, agent: PlanExecuteAgent) {
  const all = await retention.threadsBefore(AFTER_ALL);
  const newest = all.toSorted((a, b) => (a.newestId < b.newestId ? 1 : -1)).slice(0, MAX_LISTED);
  const listed: ListedThread[] = [];
  for (const { threadId } of newest) {
    const { values, request, changedAt } = await readThread(agent, threadId);
    const status = request === undefined ? (values?.status ?? "unknown") : "waiting";
    listed.push({ threadId, status, changedAt, goal: values?.turn?.goal ?? "" });
  }
  return { listed, count: all.length };
}

function describeThreads(listed: readonly ListedThread[], count: number): string {
  if (count === 0) {
    return "There are no threads.\n";
  }
  const lines = listed.map(({ threadId, status, changedAt = "", goal }) =>
    [
      // Ready to paste after --thread, so two ids that only look alike stay different.
      toShellWord(threadId),
      status.padEnd(10),
      changedAt.slice(0, 16).padEnd(16),
      toOneLine(goal, MAX_GOAL),
    ].join("  "),
  );
  const more = count > listed.length ? [`… and ${count - listed.length} that changed longer ago`] : [];
  return [...lines, ...more].map((line) => `${line.trimEnd()}\n`).join("");
}

async function deleteThreads(
  { deleteThread: threadId, deleteThreadsOlderThan: olderThanMs = 0 }: CommandOptions,
  threads: Threads,
  now: () => number,
): Promise<string[]> {
  const { store } = threads;
  if (threadId === undefined) {
    return deleteThreadsOlderThan(threads, { olderThanMs, now, store });
  }
  const ids = await threads.retention.checkpointIds(threadId);
  const entries = await store.search(threadNamespace(threadId), { limit: 1 });
  if (ids.size === 0 && entries.length === 0) {
    throw new UsageError(`There is no thread ${threadId}. --threads lists those that there are.`);
  }
  await deleteThread(threads, threadId, { store });
  return [threadId];
}
