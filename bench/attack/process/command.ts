import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { toShellWords } from "../../../src/cli/write.js";
import {
  type ModelReply,
  type OpenAiServer,
  startOpenAiServer,
} from "../../../test/support/openai-server.js";
import type { Attack } from "../case.js";

/** What a call of the command did. */
export interface Called {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how the command is called. */
export interface CallOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** What the shell does with its output, such as `> /dev/full`. */
  readonly redirect?: string;
  /** What the shell does before it, such as `ulimit -f 10`. */
  readonly before?: string;
}

const TOO_LONG_MS = 20_000;

/** Starts the command in a process of its own, in the case's folder. It cannot outlive the case for long. */
export function startCommand(
  { commandLine, folder }: Attack,
  words: readonly string[],
  { environment = {}, redirect, before }: CallOptions = {},
): ChildProcess {
  const options: SpawnOptions = {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: TOO_LONG_MS,
    killSignal: "SIGKILL",
  };
  if (redirect === undefined && before === undefined) {
    return spawn(process.execPath, [commandLine, ...words], options);
  }
  const command = `exec ${toShellWords([process.execPath, commandLine, ...words])} ${redirect ?? ""}`;
  return spawn("bash", ["-c", before === undefined ? command : `${before}; ${command}`], options);
}

/** Calls the command and waits for its end. */
export async function callCommand(
  attack: Attack,
  words: readonly string[],
  options?: CallOptions,
): Promise<Called> {
  const child = startCommand(attack, words, options);
  const closed = once(child, "close");
  const [stdout, stderr] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => (stream === null ? "" : text(stream))),
  );
  await closed;
  return { exitCode: child.exitCode, stdout: stdout ?? "", stderr: stderr ?? "" };
}

/** Runs the work with a model server that answers as it is told to. */
export async function withModel<Result>(
  answer: (index: number) => ModelReply | Promise<ModelReply>,
  work: (server: OpenAiServer) => Promise<Result>,
): Promise<Result> {
  const server = await startOpenAiServer((_, index) => answer(index));
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}
