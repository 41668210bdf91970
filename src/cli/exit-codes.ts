import type { RunStatus } from "../state/index.js";

/** What the command's exit code says. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  incomplete: 3,
  waiting: 4,
  busy: 5,
  interrupted: 130,
  /** Whoever reads stdout or stderr closed it; what a shell says of a program that SIGPIPE ended. */
  outputClosed: 141,
} as const;

/** The exit code of a run that ended, or stopped, so. */
export function exitCodeOf(status: RunStatus): number {
  switch (status) {
    case "done":
      return exitCodes.done;
    case "waiting":
      return exitCodes.waiting;
    case "incomplete":
    case "refused":
      return exitCodes.incomplete;
    case "cancelled":
      return exitCodes.interrupted;
    case "planning":
    case "executing":
    case "failed":
      return exitCodes.failed;
  }
}
