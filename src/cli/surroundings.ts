import type { Readable, Writable } from "node:stream";
import { PlanExecuteError } from "../base/index.js";
import type { PackageLoader } from "../checkpoint/index.js";

/** Where text goes to: a terminal, a pipe or a file. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Where text comes from. */
type InputStream = Readable & {
  readonly isTTY?: boolean;
  /** Whether each key comes at once, instead of lines. */
  readonly isRaw?: boolean;
  setRawMode?(isRaw: boolean): unknown;
};

/** What the command line finds around it: everything that it takes from the process. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The current folder. */
  readonly folder: string;
  /** Where files that are soon gone may lie. */
  readonly temporaryFolder: string;
  /** Who is at the terminal, as the operating system knows them. */
  readonly userName?: string;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** The package's version. */
  readonly version: string;
  /** Aborts when the person wants the run to stop. */
  readonly signal: AbortSignal;
  /** Tells that the person wants the run to stop, where a question swallowed the key for it. */
  readonly interrupt: () => void;
  readonly now: () => number;
  readonly createId: () => string;
  /** Calls again and again until the returned function is called. */
  readonly repeat: (intervalMs: number, action: () => void) => () => void;
  /** Runs a program in the terminal until it ends; gives its exit code. */
  readonly runProgram: (program: string, words: readonly string[]) => Promise<number>;
  /** Loads a checkpointer's package. @default the runtime's own import */
  readonly loadPackage?: PackageLoader;
}

/** The command was called in a way that makes no sense: nothing was done. */
export class UsageError extends PlanExecuteError {
  readonly code = "USAGE";
}
