#!/usr/bin/env node
// Owns: the command line: what a person types, sees and answers.
// Gives: `plan-execute`.
// Does not touch: anything but the package's public surface.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { z } from "zod";
import { USUAL_PLACES } from "./model-servers.js";
import { EXIT_CODES } from "./report.js";
import { runCommandLine } from "./run-command-line.js";

/** Ctrl-C also reaches npm, the shell and tsx, and each of them passes it on. Signals this close together are one. */
const SAME_INTERRUPT_MS = 500;

const abort = new AbortController();
let interruptedAt = Number.NaN;
let isInterruptible = true;
const stop = () => {
  if (!abort.signal.aborted) {
    interruptedAt = performance.now();
  }
  abort.abort();
};
const interrupt = () => {
  if (!isInterruptible) {
    return;
  }
  if (abort.signal.aborted && performance.now() - interruptedAt > SAME_INTERRUPT_MS) {
    process.exit(EXIT_CODES.interrupted);
  }
  stop();
};
process.on("SIGINT", interrupt);
// An MCP client, a container and a service manager end a process in this way.
process.on("SIGTERM", interrupt);

/** The exit code if output was lost, whatever the run achieved. */
let lostOutputCode: number | undefined;
/** Stops the run, as Ctrl-C does, if output cannot be written, because nobody sees any more what it does. */
const loseOutput = (name: "stdout" | "stderr", { code, message }: NodeJS.ErrnoException) => {
  if (lostOutputCode !== undefined) {
    return;
  }
  const isClosed = code === "EPIPE";
  lostOutputCode = isClosed ? EXIT_CODES.outputClosed : EXIT_CODES.failed;
  stop();
  // Whoever closes a pipe has what they wanted.
  if (!isClosed) {
    process.stderr.write(`Error: Nothing more can be written to ${name}: ${message}.\n`);
  }
};
process.stdout.on("error", (error) => loseOutput("stdout", error));
process.stderr.on("error", (error) => loseOutput("stderr", error));

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")));

/**
 * Ctrl-C in an editor belongs to the editor. Its screen is stderr, where the questions are, because stdout may go to
 * a file.
 */
async function runProgram(program: string, words: readonly string[]): Promise<number> {
  const { stdin, stderr } = process;
  isInterruptible = false;
  try {
    const child = spawn(program, words, { stdio: [stdin, stderr, stderr] });
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => resolve(code ?? 1));
    });
  } finally {
    isInterruptible = true;
  }
}

/** Some systems have no name for the user's number. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error && "code" in error) {
      return process.env.USER;
    }
    throw error;
  }
}

const exitCode = await runCommandLine(process.argv.slice(2), {
  environment: process.env,
  folder: process.cwd(),
  temporaryFolder: tmpdir(),
  userName: userName(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  version,
  signal: abort.signal,
  interrupt,
  onTerminate: (action) => void process.once("SIGTERM", action),
  now: Date.now,
  createId: randomUUID,
  repeat: (intervalMs, action) => {
    const timer = setInterval(action, intervalMs);
    return () => clearInterval(timer);
  },
  runProgram,
  modelServers: USUAL_PLACES,
});

// A tool that ignores its signal would keep the process alive. So pending output is written, then the process
// exits.
for (const name of ["stdout", "stderr"] as const) {
  // A stream may report an error to the callback of its last write before it reports it to its error listeners.
  const error = await new Promise<Error | null | undefined>((resolve) => process[name].write("", resolve));
  if (error) {
    loseOutput(name, error);
  }
}
process.exit(lostOutputCode ?? exitCode);
