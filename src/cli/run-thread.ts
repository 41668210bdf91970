import { checkOptions } from "./check-options.js";
import { prepareAgent } from "./create-agent.js";
import { AgentStore, openKeptOptions } from "./kept-options.js";
import { threadOptionsSchema } from "./option-values.js";
import type { CommandOptions } from "./parse-arguments.js";
import { notify, type Report } from "./report.js";
import { runSession } from "./session.js";
import { settleOptions } from "./settle-options.js";
import type { Surroundings } from "./surroundings.js";
import type { Threads } from "./threads.js";
import { UsageError } from "./usage-error.js";

/** A thread that this process holds by `withThreadLock`. */
export interface HeldThread {
  readonly threads: Threads;
  readonly threadId: string;
  readonly surroundings: Surroundings;
}

/** Runs a thread, with the options that are given and those that are kept with it; gives the exit code. */
export async function runThread(call: CommandOptions, thread: HeldThread): Promise<number> {
  const { goal, given, forgetOptions, checkpointer } = call;
  const { threads, threadId, surroundings } = thread;
  const isNewTurn = goal !== undefined;
  const { hasThread, options: before, keep } = await openKeptOptions(threads, threadId);
  if (!hasThread && !isNewTurn) {
    throw new UsageError(
      `There is no thread ${threadId}. Threads are kept in .plan-execute/threads.db of the folder they began in, or ` +
        "where --checkpointer says.",
    );
  }
  const kept = forgetOptions ? undefined : before;
  const settled = settleOptions({ given, kept, isNewTurn, folder: surroundings.folder });
  const prepare = async () => {
    const options = { ...call, ...checkOptions(threadOptionsSchema, settled) };
    return { options, ...(await prepareAgent(options, surroundings)) };
  };
  const prepared = await (kept === undefined ? prepare() : explainKept(prepare));
  const { options, create, dependenciesOf, tools, notice } = prepared;
  const isKept = threads.kind !== "memory" && checkpointer?.toLowerCase() !== "sqlite::memory:";
  const report: Report = { options, surroundings, threadId, isKept };
  notify(threads.notice, report);
  notify(notice, report);
  const agent = create({ checkpointer: threads.checkpointer, store: new AgentStore(threads.store) });
  const keepOptions = () => keep(settled, isNewTurn);
  return runSession(goal, { agent, dependenciesOf, tools, keepOptions }, report);
}

/** What is wrong may be what this call did not give. */
async function explainKept<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    const explanation =
      "What this call does not give is kept with the thread: give it anew, or begin a new turn with a goal.";
    throw new UsageError(`${cause.message} ${explanation}`, { cause });
  }
}
