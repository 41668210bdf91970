import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const worker = fileURLToPath(new URL("./fixtures/worker.ts", import.meta.url));
const lineSchema = z.union([z.object({ started: z.string() }), z.object({ state: z.unknown() })]);

/** What one process did. */
export type Attempt = {
  /** The steps that were started, in order. */
  readonly started: readonly string[];
  /** The final state; undefined when the process was killed before. */
  readonly state: unknown;
};

/** Where and on what a process works. */
export type AttemptOptions = {
  readonly graphModule: string;
  readonly url: string;
  readonly thread: string;
};

/** Lets a new process begin the run, or go on with it, to its end. */
export function runToEnd(options: AttemptOptions): Promise<Attempt> {
  return attempt(options, undefined, async () => {});
}

/** The same, killed with SIGKILL while `heldStep` is running; `beforeKill` is awaited between the two. */
export function runAndKill(
  options: AttemptOptions,
  heldStep: string,
  beforeKill: () => Promise<void>,
): Promise<Attempt> {
  return attempt(options, heldStep, beforeKill);
}

async function attempt(
  { graphModule, url, thread }: AttemptOptions,
  heldStep: string | undefined,
  beforeKill: () => Promise<void>,
): Promise<Attempt> {
  const held = heldStep === undefined ? [] : [heldStep];
  const child = spawn(process.execPath, ["--import", "tsx", worker, graphModule, url, thread, ...held], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const started: string[] = [];
  let state: unknown;
  try {
    for await (const line of createInterface(child.stdout)) {
      const said = lineSchema.parse(JSON.parse(line));
      if ("state" in said) state = said.state;
      else started.push(said.started);
      if (!("state" in said) && said.started === heldStep) {
        await beforeKill();
        child.kill("SIGKILL");
      }
    }
  } finally {
    child.kill("SIGKILL");
  }
  const [code, signal] = await exited;
  if (errors !== "") throw new Error(`the worker wrote to its error output: ${errors}`);
  if (heldStep === undefined ? code !== 0 : signal !== "SIGKILL") {
    throw new Error(`the worker ended with ${code ?? signal}`);
  }
  return { started, state };
}
