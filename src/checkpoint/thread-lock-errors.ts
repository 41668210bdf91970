import { PlanExecuteError } from "../errors/index.js";

/** Who holds a thread, as far as it is known. */
export type ThreadHolder = {
  readonly host?: string;
  readonly pid?: number;
  readonly since?: Date;
};

/** A thread cannot be worked on, because somebody else does. */
export class ThreadBusyError extends PlanExecuteError {
  readonly code = "THREAD_BUSY";
  readonly threadId: string;
  readonly holder: ThreadHolder;

  constructor(threadId: string, holder: ThreadHolder) {
    super(
      `Somebody is at work on the thread "${threadId}": ${describe(holder)}. ` +
        "Try again when that has ended, or abort it there; a lock whose owner has died is freed by itself.",
    );
    this.threadId = threadId;
    this.holder = holder;
  }
}

/** The lock of a thread was lost while it was worked on: somebody else may be at work on it by now. */
export class ThreadLockLostError extends PlanExecuteError {
  readonly code = "THREAD_LOCK_LOST";
  readonly threadId: string;

  constructor(threadId: string, why: string, cause: unknown) {
    super(
      `The lock of the thread "${threadId}" was lost: ${why}. What was finished is kept: take the lock again and go on.`,
      { cause },
    );
    this.threadId = threadId;
  }
}

function describe({ host, pid, since }: ThreadHolder): string {
  const who = pid === undefined ? "another process" : `process ${pid}`;
  const where = host === undefined ? "" : ` on ${host}`;
  return `${who}${where}${since === undefined ? "" : `, since ${since.toISOString()}`}`;
}
