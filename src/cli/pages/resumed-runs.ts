import { Readable, Writable } from "node:stream";
import { describeError } from "../../base/index.js";
import { withThreadLock } from "../../checkpoint/index.js";
import { type CommandOptions, openKeptOptions, optionValuesSchema } from "../options/index.js";
import { runThread } from "../run-thread.js";
import type { Surroundings } from "../surroundings.js";
import type { Threads } from "../threads.js";

/** The runs that go on because somebody decided on a page. */
export interface ResumedRuns {
  /** Goes on with a thread, in the same way as the command `resume` does. Returns at once. */
  resume(threadId: string, answer: unknown): void;
  isRunning(threadId: string): boolean;
  /** Why the last run on this thread did not go on; undefined if it did. */
  problemOf(threadId: string): string | undefined;
  /** Resolves when every run has ended. The signal of the surroundings ends them. */
  settled(): Promise<void>;
}

/** Creates the runs. Each holds its thread while it goes on, so that nobody else works on it at the same time. */
export function createResumedRuns(
  options: Pick<CommandOptions, "checkpointer" | "given">,
  threads: Threads,
  surroundings: Surroundings,
): ResumedRuns {
  const running = new Map<string, Promise<void>>();
  const problems = new Map<string, string>();

  async function run(threadId: string, answer: unknown): Promise<void> {
    // The page shows what comes of it, so nothing is written and nobody is asked at a terminal.
    const unseen = { stdin: Readable.from([]), stdout: nowhere(), stderr: nowhere() };
    const { checkpointer, given } = options;
    const call = {
      ...optionValuesSchema.parse({ checkpointer }),
      thread: threadId,
      resume: answer,
      quiet: true,
    };
    const goOn = async (signal: AbortSignal) => {
      const { options: kept } = await openKeptOptions(threads, threadId);
      // What the server was started with is for threads that were begun in code, and so keep nothing.
      const own = { ...call, given: kept === undefined ? given : {} };
      await runThread(own, { threads, threadId, surroundings: { ...surroundings, ...unseen, signal } });
    };
    try {
      await withThreadLock(threads, threadId, goOn, { signal: surroundings.signal });
    } catch (error) {
      problems.set(threadId, describeError(error));
    }
    running.delete(threadId);
  }

  return {
    resume(threadId, answer) {
      problems.delete(threadId);
      running.set(threadId, run(threadId, answer));
    },
    isRunning: (threadId) => running.has(threadId),
    problemOf: (threadId) => problems.get(threadId),
    async settled() {
      await Promise.all(running.values());
    },
  };
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
