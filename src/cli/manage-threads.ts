import type { PlanExecuteAgent } from "../agent/index.js";
import { deleteThread, deleteThreadsOlderThan, threadNamespace } from "../checkpoint/index.js";
import { nameAction, type PendingRequest, readThread } from "./asking/index.js";
import { type CommandOptions, openKeptOptions } from "./options/index.js";
import { EXIT_CODES } from "./report.js";
import { showThread, statusOf, toMinute } from "./show-thread.js";
import { toOneLine } from "./showing/index.js";
import { type Surroundings, UsageError } from "./surroundings.js";
import type { Threads } from "./threads.js";
import { toShellWord, writeJson, writeText } from "./write.js";

/** How many threads are listed: few, because each is read in full. */
const MAX_LISTED = 30;
const MAX_GOAL = 80;
const MAX_GRAPH = 40;
/** Sorts after every checkpoint id, in whatever order a database sorts text. */
const AFTER_ALL = "z";

/** The ids of all threads, the one that changed last first. */
export async function threadIds({ retention }: Pick<Threads, "retention">): Promise<string[]> {
  const all = await retention.threadsBefore(AFTER_ALL);
  return all.toSorted((a, b) => (a.newestId < b.newestId ? 1 : -1)).map(({ threadId }) => threadId);
}

/** Whether the options ask for threads to be listed, shown or deleted, and not for a run. */
export function asksToManage(options: CommandOptions): boolean {
  const { threads, show, deleteThread: id, deleteThreadsOlderThan: age } = options;
  return threads || [show, id, age].some((value) => value !== undefined);
}

/** Lists threads, shows one, or deletes some. Returns the exit code. */
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
  if (options.show !== undefined) {
    return showThread(options.show, options, { threads, agent, stdout });
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
  /** The graph that the thread runs. Undefined: the built-in tools. */
  readonly graph?: string;
  readonly goal: string;
  readonly waiting?: PendingRequest["actionRequests"];
}

/** The threads that changed last, and how many there are. */
export async function listThreads(threads: Threads, agent: PlanExecuteAgent) {
  const all = await threadIds(threads);
  const listed: ListedThread[] = [];
  for (const threadId of all.slice(0, MAX_LISTED)) {
    const state = await readThread(agent, threadId);
    const graph = await graphOf(threads, threadId);
    listed.push({
      threadId,
      status: statusOf(state),
      changedAt: state.changedAt,
      ...(graph === undefined ? {} : { graph }),
      goal: state.values?.turn?.goal ?? "",
      ...(state.request === undefined ? {} : { waiting: state.request.actionRequests }),
    });
  }
  return { listed, count: all.length };
}

/** The graph that is kept with a thread. One that cannot be read must not hide the other threads. */
async function graphOf(threads: Threads, threadId: string): Promise<string | undefined> {
  try {
    const { options } = await openKeptOptions(threads, threadId);
    return options?.graph === undefined ? undefined : String(options.graph);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    return "unknown";
  }
}

const HEADINGS = ["Thread", "Status", "Changed (UTC)", "Graph", "Goal"];

function describeThreads(listed: readonly ListedThread[], count: number): string {
  if (count === 0) {
    return "There are no threads.\n";
  }
  const rows = listed.map(({ threadId, status, changedAt, graph, goal }) => [
    // Ready to paste after --thread, so two ids that only look alike stay different.
    toShellWord(threadId),
    status,
    toMinute(changedAt),
    toOneLine(graph ?? "built-in", MAX_GRAPH),
    toOneLine(goal, MAX_GOAL),
  ]);
  const widths = HEADINGS.map((_, column) =>
    Math.max(...[HEADINGS, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const toLine = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  const lines = rows.flatMap((row, index) => [
    toLine(row),
    ...(listed[index]?.waiting ?? []).map(
      (action) => `  waits for you: ${toOneLine(nameAction(action), MAX_GOAL)}`,
    ),
  ]);
  const more = count > listed.length ? [`… and ${count - listed.length} that changed longer ago`] : [];
  return [toLine(HEADINGS), ...lines, ...more].map((line) => `${line.trimEnd()}\n`).join("");
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
