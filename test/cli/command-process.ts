import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { bundleProgram } from "../support/program-file.js";

/** What Node is called with to run the command. */
export const commandWords: readonly string[] = [
  bundleProgram(new URL("../../src/cli/main.ts", import.meta.url)),
];

/** What a process of the command finds around it. */
export interface ProcessSurroundings {
  readonly environment?: Readonly<Record<string, string>>;
  /** @default no input, and pipes for the output */
  readonly stdio?: StdioOptions;
}

/** Starts the command in a process of its own, which goes with the test. */
export function startProcess(
  words: readonly string[],
  folder: string,
  { environment, stdio = ["ignore", "pipe", "pipe"] }: ProcessSurroundings = {},
): ChildProcess {
  const child = spawn(process.execPath, [...commandWords, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
    stdio,
  });
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
    }
  });
  return child;
}

/** Waits for the end of a process; what it wrote is there where it went to a pipe that was read. */
export async function finishProcess(child: ChildProcess) {
  const closed = once(child, "close");
  const read = (stream: Readable | null) => (stream?.readable ? text(stream) : "");
  const [stdout, stderr] = await Promise.all([read(child.stdout), read(child.stderr)]);
  await closed;
  return { exitCode: child.exitCode, stdout, stderr };
}

/** Calls the command in a process of its own. */
export function callProcess(words: readonly string[], folder: string, surroundings?: ProcessSurroundings) {
  return finishProcess(startProcess(words, folder, surroundings));
}
