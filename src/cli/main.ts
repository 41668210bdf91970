#!/usr/bin/env node
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { exitCodes } from "./exit-codes.js";
import { runCommandLine } from "./run-command-line.js";

/** Ctrl-C reaches npm, the shell and tsx too, and each of them passes it on: what comes so soon is the same one. */
const SAME_INTERRUPT_MS = 500;

const abort = new AbortController();
let interruptedAt = Number.NaN;
const interrupt = () => {
  if (abort.signal.aborted && performance.now() - interruptedAt > SAME_INTERRUPT_MS) {
    process.exit(exitCodes.interrupted);
  }
  if (!abort.signal.aborted) interruptedAt = performance.now();
  abort.abort();
};
process.on("SIGINT", interrupt);
// Whoever reads the output has gone: there is nobody left to write for.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.done);
  throw error;
});

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")));

const exitCode = await runCommandLine(process.argv.slice(2), {
  environment: process.env,
  folder: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  version,
  signal: abort.signal,
  interrupt,
  now: Date.now,
  createId: randomUUID,
  repeat: (intervalMs, action) => {
    const timer = setInterval(action, intervalMs);
    return () => clearInterval(timer);
  },
});

// A tool that does not heed its signal would hold the process: what was written goes out, then it ends.
process.stdout.write("", () => process.stderr.write("", () => process.exit(exitCode)));
