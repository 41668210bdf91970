import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { runCommandLine } from "../../src/cli/run-command-line.js";
import type { OutputStream, Surroundings } from "../../src/cli/surroundings.js";

/** A stream that keeps what is written. */
export class KeptOutput extends Writable {
  written = "";

  constructor(
    readonly isTTY = false,
    readonly columns = 80,
    readonly rows = 24,
  ) {
    super();
  }

  override _write(chunk: unknown, _: BufferEncoding, done: () => void): void {
    this.written += String(chunk);
    done();
  }
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a call of the command did. */
export interface CalledCommand {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A terminal's input and output: what a person types is given up front. */
export function terminal(typed: string): Pick<Surroundings, "stdin"> & { readonly stderr: KeptOutput } {
  return { stdin: Object.assign(Readable.from([typed]), { isTTY: true }), stderr: new KeptOutput(true) };
}

/** Calls the command in this process, with nothing of this machine but a folder. */
export async function callCommand(
  words: readonly string[],
  given: Partial<Omit<Surroundings, "stdout" | "stderr">> & {
    readonly stdout?: KeptOutput;
    readonly stderr?: KeptOutput;
  } = {},
): Promise<CalledCommand> {
  const { stdout = new KeptOutput(), stderr = new KeptOutput(), ...others } = given;
  let ids = 0;
  const exitCode = await runCommandLine(words, {
    environment: {},
    folder: others.folder ?? temporaryFolder(),
    stdin: Readable.from([]),
    version: "1.2.3",
    signal: new AbortController().signal,
    interrupt: () => {},
    now: Date.now,
    createId: () => `thread-${++ids}`,
    repeat: () => () => {},
    ...others,
    stdout: stdout satisfies OutputStream,
    stderr,
  });
  return { exitCode, stdout: stdout.written, stderr: stderr.written };
}
