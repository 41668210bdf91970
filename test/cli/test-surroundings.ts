import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { runCommandLine } from "../../src/cli/run-command-line.js";
import type { Surroundings } from "../../src/cli/surroundings.js";

/** A stream that keeps what is written. */
export class KeptOutput extends Writable {
  written = "";
  onWrite: (text: string) => void = () => {};

  constructor(
    readonly isTTY = false,
    readonly columns = 80,
    readonly rows = 24,
  ) {
    super();
  }

  override _write(chunk: unknown, _: BufferEncoding, done: () => void): void {
    this.written += String(chunk);
    this.onWrite(String(chunk));
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

/** A terminal with a person who gives these answers, one when each question is asked, and then ends the input. */
export function person(
  ...answers: readonly string[]
): Pick<Surroundings, "stdin"> & { readonly stderr: KeptOutput } {
  const left = [...answers];
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = new KeptOutput(true);
  stderr.onWrite = (text) => {
    if (!text.endsWith(": ")) {
      return;
    }
    const answer = left.shift();
    if (answer === undefined) {
      stdin.end();
    } else {
      stdin.write(`${answer}\n`);
    }
  };
  return { stdin, stderr };
}

/** An editor that changes what it is given, and keeps what it saw. */
export function fakeEditor(...changes: readonly ((text: string) => string)[]) {
  const seen: {
    program: string;
    words: readonly string[];
    text: string;
    mode: number;
    folderMode: number;
  }[] = [];
  const runProgram: Surroundings["runProgram"] = async (program, words) => {
    const path = words.at(-1) ?? "";
    const text = readFileSync(path, "utf8");
    const mode = statSync(path).mode & 0o777;
    const folderMode = statSync(dirname(path)).mode & 0o777;
    const change = changes[seen.length];
    seen.push({ program, words, text, mode, folderMode });
    if (change === undefined) {
      return 1;
    }
    writeFileSync(path, change(text));
    return 0;
  };
  return { seen, runProgram };
}

/** What a command finds around it, with nothing of this machine but folders. */
export function testSurroundings(given: Partial<Surroundings> = {}): Surroundings {
  let ids = 0;
  return {
    environment: {},
    folder: given.folder ?? temporaryFolder(),
    temporaryFolder: given.temporaryFolder ?? temporaryFolder(),
    runProgram: () => Promise.reject(new Error("no program is run here")),
    stdin: Readable.from([]),
    stdout: new KeptOutput(),
    stderr: new KeptOutput(),
    version: "1.2.3",
    signal: new AbortController().signal,
    interrupt: () => {},
    now: Date.now,
    createId: () => `thread-${++ids}`,
    repeat: () => () => {},
    ...given,
  };
}

/** Calls the command in this process. */
export async function callCommand(
  words: readonly string[],
  given: Partial<Omit<Surroundings, "stdout" | "stderr">> & {
    readonly stdout?: KeptOutput;
    readonly stderr?: KeptOutput;
  } = {},
): Promise<CalledCommand> {
  const { stdout = new KeptOutput(), stderr = new KeptOutput() } = given;
  const exitCode = await runCommandLine(words, testSurroundings({ ...given, stdout, stderr }));
  return { exitCode, stdout: stdout.written, stderr: stderr.written };
}
