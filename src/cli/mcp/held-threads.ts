// Threads are held, opened and kept as the command line's own.
//
//   (1) A new turn holds the server's options and none of its thread's own: a thread that was begun at a terminal with
//       more rights lends them to no client. What goes on with a turn keeps that turn's options.
//   (2) A call that is cancelled cuts its run off, as Ctrl-C does. What is done stays done.
import { Readable, Writable } from "node:stream";
import { createHiding } from "../../agent-file/index.js";
import { withThreadLock } from "../../checkpoint/index.js";
import { type CommandOptions, openKeptOptions, optionValuesSchema } from "../options/index.js";
import { type OpenedThread, openThread } from "../run-thread.js";
import type { Surroundings } from "../surroundings.js";
import type { Threads } from "../threads.js";
import type { ShowForm } from "./elicit-answer.js";
import type { ToolResult } from "./load-sdk.js";
import { withoutSecretsIn } from "./run-result.js";

/** Who calls a tool. */
export interface Caller {
  /** The client's name, as it says itself. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly tell: (message: string) => void;
  /** Shows the person a form. Undefined if the client has none. */
  readonly showForm?: ShowForm;
}

/** What is done with a thread that is held. The caller's signal aborts too if the thread is lost. */
export type ThreadTask = (opened: OpenedThread, caller: Caller) => Promise<ToolResult>;

/** The threads that this server is at work on. */
export interface HeldThreads {
  /** Works on a thread, which nobody else does meanwhile. The agent is closed afterwards. */
  work(threadId: string, caller: Caller, isNewTurn: boolean, task: ThreadTask): Promise<ToolResult>;
  isHeld(threadId: string): boolean;
  /** Resolves when all work has ended. */
  settled(): Promise<void>;
}

/** Creates the threads that a server holds. */
export function createHeldThreads(
  options: CommandOptions,
  threads: Threads,
  surroundings: Surroundings,
): HeldThreads {
  const running = new Map<string, Promise<unknown>>();

  async function work(
    threadId: string,
    caller: Caller,
    isNewTurn: boolean,
    task: ThreadTask,
  ): Promise<ToolResult> {
    const held = async (signal: AbortSignal) => {
      const { options: kept } = await openKeptOptions(threads, threadId);
      const { checkpointer, yes, given } = options;
      const call = {
        ...optionValuesSchema.parse({ checkpointer, yes, forgetOptions: isNewTurn }),
        // A thread that was begun in code keeps no options, and gets the server's.
        given: isNewTurn || kept === undefined ? given : {},
      };
      const unseen = surroundingsOf(caller, surroundings, signal);
      const opened = await openThread(call, { threads, threadId, surroundings: unseen }, isNewTurn);
      const hide = createHiding(opened.secrets);
      const { tell, showForm } = caller;
      try {
        const result = await task(opened, {
          ...caller,
          signal,
          tell: (message) => tell(hide(message)),
          showForm: showForm && ((message, schema) => showForm(hide(message), schema)),
        });
        return withoutSecretsIn(result, opened.secrets);
      } catch (error) {
        if (error instanceof Error) {
          error.message = hide(error.message);
        }
        throw error;
      } finally {
        await opened.agent.close();
      }
    };
    const worked = withThreadLock(threads, threadId, held, { signal: caller.signal });
    if (!running.has(threadId)) {
      running.set(threadId, worked);
    }
    try {
      return await worked;
    } finally {
      if (running.get(threadId) === worked) {
        running.delete(threadId);
      }
    }
  }

  return {
    work,
    isHeld: (threadId) => running.has(threadId),
    async settled() {
      await Promise.allSettled(running.values());
    },
  };
}

/** Nothing is written, and whoever can be asked by a form counts as somebody at a terminal. */
function surroundingsOf({ showForm }: Caller, surroundings: Surroundings, signal: AbortSignal): Surroundings {
  const isTTY = showForm !== undefined;
  const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  return {
    ...surroundings,
    signal,
    stdin: Object.assign(Readable.from([]), { isTTY }),
    stdout: nowhere(),
    stderr: Object.assign(nowhere(), { isTTY }),
  };
}
