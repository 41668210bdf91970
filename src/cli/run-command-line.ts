import { text } from "node:stream/consumers";
import { OptionsError } from "../agent/index.js";
import { describeError, isOfClass } from "../base/index.js";
import { CheckpointerError, ThreadBusyError, withThreadLock } from "../checkpoint/index.js";
import { ModelError } from "../models/index.js";
import { QueueError } from "../queue/index.js";
import { ReportError } from "../report/index.js";
import { InputError, StateUpdateError } from "../runtime/index.js";
import { showAudit, verifyAudit } from "./audit/index.js";
import { prepareAgent } from "./create-agent.js";
import { initProject } from "./init/index.js";
import { openNamedFile } from "./load-graph.js";
import { asksToManage, manageThreads } from "./manage-threads.js";
import { serveMcp } from "./mcp/index.js";
import { type CommandOptions, completionScript, parseArguments } from "./options/index.js";
import { servePages, writeReport } from "./pages/index.js";
import { enqueue, migrate, runWorker } from "./queue/index.js";
import { EXIT_CODES } from "./report.js";
import { runThread } from "./run-thread.js";
import { type Surroundings, UsageError } from "./surroundings.js";
import { openThreads } from "./threads.js";
import { writeText } from "./write.js";

/** Runs the command, from its words to its exit code. Everything that it opens is closed when it returns. */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const parsed = parseArguments(words, surroundings.version);
  switch (parsed.kind) {
    case "shown":
      writeText(surroundings.stdout, parsed.text);
      return EXIT_CODES.done;
    case "wrong":
      writeText(surroundings.stderr, `Error: ${parsed.message}\n`);
      return EXIT_CODES.usage;
    case "run":
      try {
        return await run(parsed.options, surroundings);
      } catch (error) {
        return reportError(error, surroundings);
      }
  }
}

async function run(options: CommandOptions, surroundings: Surroundings): Promise<number> {
  if (options.completion !== undefined) {
    writeText(surroundings.stdout, completionScript(options.completion));
    return EXIT_CODES.done;
  }
  if (options.init !== undefined) {
    return initProject(options.init, surroundings);
  }
  if (options.audit !== undefined && options.auditPath !== undefined) {
    return options.audit === "verify"
      ? verifyAudit(options.auditPath, options, surroundings)
      : showAudit(options.auditPath, options, surroundings);
  }
  if (options.worker !== undefined) {
    return runWorker(options.worker, options, surroundings);
  }
  if (options.enqueue !== undefined) {
    return enqueue(options.enqueue, options, surroundings);
  }
  if (options.migrate) {
    return migrate(options, surroundings);
  }
  const goal = options.goal === "-" ? await readGoal(surroundings) : options.goal;
  // Where an agent's file says where threads are kept, that holds, unless the call says otherwise.
  const own =
    options.checkpointer === undefined ? await openNamedFile(options.graph, surroundings) : undefined;
  const threads = await openThreads(options.checkpointer ?? own?.checkpointer, surroundings);
  try {
    if (asksToManage(options)) {
      const { create } = await prepareAgent(options, surroundings);
      return await manageThreads(options, threads, create(threads), surroundings);
    }
    if (options.report !== undefined || options.serve) {
      const { create, ...known } = await prepareAgent(options, surroundings);
      const source = { ...known, threads, agent: create(threads) };
      if (options.mcp) {
        const isKeptByFile = own?.checkpointer !== undefined;
        return await serveMcp({ ...options, isKeptByFile }, source, surroundings);
      }
      return await (options.report === undefined
        ? servePages(options, source, surroundings)
        : writeReport(options.report, options, source, surroundings));
    }
    const { signal } = surroundings;
    if (signal.aborted) {
      return EXIT_CODES.interrupted;
    }
    const threadId = options.thread ?? surroundings.createId();
    const work = (signal: AbortSignal) =>
      runThread(
        { ...options, goal, isKeptByFile: own?.checkpointer !== undefined },
        { threads, threadId, surroundings: { ...surroundings, signal } },
      );
    return await withThreadLock(threads, threadId, work, { signal });
  } finally {
    await threads.close();
  }
}

async function readGoal({ stdin }: Surroundings): Promise<string> {
  const goal = (await text(stdin)).trim();
  if (goal === "") {
    throw new UsageError('The goal is "-", and nothing came from stdin.');
  }
  return goal;
}

function reportError(error: unknown, { stderr, environment }: Surroundings): number {
  writeText(stderr, `Error: ${describeError(error)}\n`);
  if (environment.DEBUG && error instanceof Error) {
    writeText(stderr, `${error.stack}\n`);
  }
  if (isOfClass(error, ThreadBusyError)) {
    return EXIT_CODES.busy;
  }
  return isWrongUse(error) ? EXIT_CODES.usage : EXIT_CODES.failed;
}

/** A graph in CommonJS throws errors of our other build. */
function isWrongUse(error: unknown): boolean {
  if (isOfClass(error, ModelError)) {
    return error.code === "MODEL_UNKNOWN";
  }
  if (isOfClass(error, CheckpointerError)) {
    return error.code === "UNKNOWN_URL" || error.code === "INVALID_KEYS";
  }
  if (isOfClass(error, StateUpdateError)) {
    return true;
  }
  if (isOfClass(error, QueueError)) {
    return error.code !== "PACKAGE_MISSING";
  }
  return (
    isOfClass(error, ReportError) ||
    isOfClass(error, UsageError) ||
    isOfClass(error, InputError) ||
    isOfClass(error, OptionsError)
  );
}
