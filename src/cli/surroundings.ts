import type { Readable, Writable } from "node:stream";
import { PlanExecuteError } from "../base/index.js";
import type { PackageLoader } from "../langgraph/index.js";

/** Where text goes: a terminal, a pipe or a file. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

type InputStream = Readable & {
  readonly isTTY?: boolean;
  /** Whether keys arrive one by one instead of in lines. */
  readonly isRaw?: boolean;
  setRawMode?(isRaw: boolean): unknown;
};

/** A place on loopback where a model server is usually found. */
export interface ModelServerPlace {
  readonly server: string;
  readonly port: number;
}

/** Everything that the command line takes from the process. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The current folder. */
  readonly folder: string;
  /** A folder for files that are soon removed. */
  readonly temporaryFolder: string;
  /** The operating system's name for the person at the terminal. */
  readonly userName?: string;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** The package's version. */
  readonly version: string;
  /** Aborts when the person wants the run to stop. */
  readonly signal: AbortSignal;
  /** Reports that the person wants the run to stop, if a question has swallowed the key. */
  readonly interrupt: () => void;
  /** Calls the action when the system asks the process to end. @default it ends at once */
  readonly onTerminate?: (action: () => void) => void;
  readonly now: () => number;
  readonly createId: () => string;
  /** Calls `action` again and again until the returned function is called. */
  readonly repeat: (intervalMs: number, action: () => void) => () => void;
  /** Runs a program in the terminal until it ends, and returns its exit code. */
  readonly runProgram: (program: string, words: readonly string[]) => Promise<number>;
  /** Where to look for model servers on this machine. @default nowhere */
  readonly modelServers?: readonly ModelServerPlace[];
  /** Loads a checkpointer's package. @default the runtime's own import */
  readonly loadPackage?: PackageLoader;
}

/** Whether a person is there who can be asked. */
export function canAsk(
  { json }: { readonly json: boolean },
  { stdin, stderr }: Pick<Surroundings, "stdin" | "stderr">,
): boolean {
  return !json && stdin.isTTY === true && stderr.isTTY === true;
}

/** The command was called in a way that makes no sense, so nothing was done. */
export class UsageError extends PlanExecuteError {
  readonly code = "USAGE";
}
