import { Command } from "@langchain/langgraph";
import type { PlanExecuteAgent } from "../agent/index.js";
import {
  createPersonAsker,
  type PendingRequest,
  type PersonAsker,
  readThread,
  type ThreadState,
} from "./asking/index.js";
import { type PreparedAgent, prepareAgent } from "./create-agent.js";
import { followRun, type RunInput, toAnswer } from "./follow-run.js";
import { noticeOfServers } from "./model-servers.js";
import {
  AgentStore,
  type CommandOptions,
  checkOptions,
  openKeptOptions,
  settleOptions,
  threadOptionsSchema,
} from "./options/index.js";
import { notify, type Report, reportAnswer, reportEnd, reportInterruption, reportWaiting } from "./report.js";
import {
  createLiveScreen,
  createPlainScreen,
  DARK_SCREEN,
  NO_PROGRESS,
  progressFrom,
  type Screen,
} from "./showing/index.js";
import { asksToSteer, steerThread } from "./steer-thread.js";
import { canAsk, type Surroundings, UsageError } from "./surroundings.js";
import type { Threads } from "./threads.js";
import { hideSecrets, withoutSecrets } from "./write.js";

/** A thread that this process holds with `withThreadLock`. */
interface HeldThread {
  readonly threads: Threads;
  readonly threadId: string;
  readonly surroundings: Surroundings;
}

/** A thread with the agent that goes on with it. */
export interface OpenedThread extends Pick<PreparedAgent, "dependenciesOf" | "tools" | "secrets"> {
  /** Whether the thread existed before. */
  readonly hasThread: boolean;
  /** The options of this call, with those that are kept with the thread. */
  readonly options: CommandOptions;
  readonly agent: PlanExecuteAgent;
  /** Keeps the options with the thread. It is called before anything is done there; later calls have no effect. */
  readonly keepOptions: () => Promise<void>;
  /** What to tell the user. */
  readonly notices: readonly string[];
  /** Whether the agent's file names a model. */
  readonly hasModel: boolean;
}

/**
 * Opens a thread, with the given options and those that are kept with it.
 * @param isNewTurn - whether the call begins a turn; if not, it goes on with the one that is there
 */
export async function openThread(
  call: CommandOptions,
  { threads, threadId, surroundings }: HeldThread,
  isNewTurn: boolean,
): Promise<OpenedThread> {
  const { hasThread, options: before, keep } = await openKeptOptions(threads, threadId);
  if (!hasThread && !isNewTurn) {
    throw new UsageError(
      `There is no thread ${threadId}. Threads are kept in .plan-execute/threads.db of the folder they began in, or ` +
        "where --checkpointer says.",
    );
  }
  const kept = call.forgetOptions ? undefined : before;
  const settled = settleOptions({ given: call.given, kept, isNewTurn, folder: surroundings.folder });
  const prepare = async () => {
    const options = { ...call, ...checkOptions(threadOptionsSchema, settled) };
    return { options, ...(await prepareAgent(options, surroundings)) };
  };
  const { create, notice, ...prepared } = await (kept === undefined ? prepare() : explainKept(prepare));
  return {
    ...prepared,
    hasThread,
    agent: create({ checkpointer: threads.checkpointer, store: new AgentStore(threads.store) }),
    keepOptions: () => keep(settled, isNewTurn),
    notices: [threads.notice, notice].flatMap((one) => one ?? []),
  };
}

/** Runs a thread, with the given options and those that are kept with it. Returns the exit code. */
export async function runThread(call: CommandOptions, thread: HeldThread): Promise<number> {
  const { threads, threadId } = thread;
  const begin = toTurnInput(call);
  const opened = await openThread(call, thread, begin !== undefined);
  const { options, notices, hasModel, secrets } = opened;
  const surroundings = {
    ...thread.surroundings,
    stdout: withoutSecrets(thread.surroundings.stdout, secrets),
    stderr: withoutSecrets(thread.surroundings.stderr, secrets),
  };
  const isKept = threads.kind !== "memory" && call.checkpointer?.toLowerCase() !== "sqlite::memory:";
  const report: Report = { options, surroundings, threadId, isKept };
  for (const notice of notices) {
    notify(notice, report);
  }
  notify(hasModel ? undefined : await noticeOfServers(options, surroundings), report);
  try {
    return await runSession(begin, opened, report);
  } catch (error) {
    if (error instanceof Error) {
      hideSecrets(error, secrets);
    }
    throw error;
  }
}

/** What begins a new turn: a goal, a saved plan, or both. Undefined if the call goes on with a turn. */
function toTurnInput({ goal, plan, with: values }: CommandOptions): RunInput | undefined {
  const said = goal === undefined ? {} : { input: goal };
  if (plan !== undefined) {
    return { ...said, plan: { name: plan, with: values } };
  }
  return goal === undefined ? undefined : said;
}

/** Adds to a usage error that the mistake may be in the options kept with the thread. */
async function explainKept<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof UsageError)) {
      throw cause;
    }
    const explanation =
      "What this call does not give is kept with the thread: give it anew, or begin a new turn with a goal.";
    throw new UsageError(`${cause.message} ${explanation}`, { cause });
  }
}

/** Runs a turn of a thread until it ends, or until it waits for somebody who is not there. Returns the exit code. */
async function runSession(
  begin: RunInput | undefined,
  { agent, dependenciesOf, tools, keepOptions }: OpenedThread,
  report: Report,
): Promise<number> {
  const { options, surroundings, threadId } = report;
  const { signal } = surroundings;
  const viewOf = ({ values }: ThreadState) =>
    values === undefined ? NO_PROGRESS : progressFrom(values.plan, values.pastSteps, dependenciesOf);
  const watched = { agent, dependenciesOf, threadId, signal };
  const screen = createScreen(options, surroundings);
  const askPerson = createPersonAsker({ surroundings, tools, dependenciesOf });
  let thread = await readThread(agent, threadId);
  if (asksToSteer(options)) {
    await keepOptions();
    await steerThread(thread.values, { agent, threadId, dependenciesOf, tools, options, surroundings });
    thread = await readThread(agent, threadId);
  }
  let input = firstInput(begin, options.resume, thread, threadId, surroundings.userName);
  await keepOptions();
  if (thread.request !== undefined) {
    reportAnswer(options.resume, thread.request, report, dependenciesOf);
  }
  let view = begin === undefined ? viewOf(thread) : NO_PROGRESS;
  if (input !== undefined) {
    screen.begin(view);
  }
  for (let streamed = ""; ; ) {
    if (input === undefined) {
      if (thread.request === undefined) {
        return reportEnd(thread.values, streamed, report);
      }
      const answer = await ask(thread.request, askPerson, report);
      if (signal.aborted) {
        return reportInterruption(thread, view, report);
      }
      if (answer === undefined) {
        return reportWaiting(thread.values, thread.request, report, dependenciesOf);
      }
      input = answer;
      view = viewOf(thread);
    }
    const seen = await followRun(input, { ...watched, screen }, view);
    thread = await readThread(agent, threadId);
    if (seen.isInterrupted) {
      const isOfThisTurn = thread.values?.turn?.id === seen.turnId;
      return reportInterruption(isOfThisTurn ? thread : { ...thread, values: undefined }, seen.view, report);
    }
    streamed = seen.streamed;
    input = undefined;
  }
}

/** The run's first input; undefined if something waits and the person must be asked first. */
function firstInput(
  begin: RunInput | undefined,
  resume: unknown,
  thread: ThreadState,
  threadId: string,
  userName: string | undefined,
): RunInput | undefined {
  if (begin !== undefined) {
    return begin;
  }
  if (resume !== undefined) {
    if (thread.request === undefined) {
      throw new UsageError(
        `Nothing waits in the thread ${threadId}. Leave --resume out, or give a new goal.`,
      );
    }
    return new Command({ resume: toAnswer(resume, thread.request, userName) });
  }
  if (thread.request !== undefined) {
    return undefined;
  }
  if (thread.isOpen) {
    return null;
  }
  throw new UsageError(`The thread ${threadId} has nothing to go on with. Give a goal for its next turn.`);
}

async function ask(
  request: PendingRequest,
  askPerson: PersonAsker,
  { options, surroundings }: Report,
): Promise<RunInput | undefined> {
  if (!canAsk(options, surroundings)) {
    return undefined;
  }
  const answer = await askPerson(request);
  return answer === undefined ? undefined : new Command({ resume: answer });
}

function createScreen(
  { json, quiet, color }: CommandOptions,
  { environment, stdout, stderr, now, repeat }: Surroundings,
): Screen {
  if (json || quiet) {
    return DARK_SCREEN;
  }
  // A program that reads stdout gets the answer, whole, and nothing else.
  const outputs = { progress: stderr, ...(stdout.isTTY === true ? { answer: stdout } : {}) };
  if (stderr.isTTY !== true || environment.TERM === "dumb") {
    return createPlainScreen(outputs);
  }
  const hasColor = color && !environment.NO_COLOR;
  return createLiveScreen(outputs, { hasColor, now, repeat });
}
