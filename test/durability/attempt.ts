import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Entry, entrySchema } from "./fixtures/ragged-plan.js";
import type { Assignment } from "./fixtures/worker.js";

const worker = fileURLToPath(new URL("./fixtures/worker.ts", import.meta.url));

/** What is looked at of a state. */
export const stateSchema = z.object({
  plan: z.array(z.unknown()),
  pastSteps: z.array(z.looseObject({ id: z.string(), output: z.unknown().optional() })),
  response: z.string(),
  status: z.string(),
  outcome: z.unknown(),
  replans: z.number(),
});
const requestSchema = z.object({
  actionRequests: z.array(z.object({ name: z.string(), stepId: z.string() })),
});
const endSchema = z.object({ state: stateSchema, request: requestSchema.optional() });
const lineSchema = z.union([z.object({ entry: entrySchema }), endSchema]);

/** What one process did. */
export type Attempt = {
  /** What it wrote into the journal. */
  readonly entries: readonly Entry[];
  /** How the run ended, or waited; undefined where the process was killed before. */
  readonly end: z.infer<typeof endSchema> | undefined;
};

/**
 * When a process is killed: after so many calls of tools have ended, in the middle of a step's call, or when the
 * run has come to its end or to a person.
 */
export type KillPoint = { readonly ended: number } | { readonly during: string } | "end";

/** Lets a new process begin the run or go on with it; it is killed with SIGKILL at the kill point, if it gets there. */
export async function attempt(assignment: Assignment, killPoint?: KillPoint): Promise<Attempt> {
  const told = JSON.stringify({
    ...assignment,
    staysAlive: killPoint === "end",
    hangsIn:
      killPoint !== undefined && killPoint !== "end" && "during" in killPoint ? killPoint.during : undefined,
  });
  const child = spawn(process.execPath, ["--import", "tsx", worker, told], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const entries: Entry[] = [];
  let end: Attempt["end"];
  try {
    for await (const line of createInterface(child.stdout)) {
      const said = lineSchema.parse(JSON.parse(line));
      if ("entry" in said) entries.push(said.entry);
      else end = said;
      if (isReached(killPoint, entries, end !== undefined)) child.kill("SIGKILL");
    }
  } finally {
    child.kill("SIGKILL");
  }
  const [code, signal] = await exited;
  if (errors !== "") throw new Error(`the worker wrote to its error output: ${errors}`);
  if (code !== 0 && signal !== "SIGKILL") throw new Error(`the worker ended with ${code ?? signal}`);
  return { entries, end };
}

function isReached(killPoint: KillPoint | undefined, entries: readonly Entry[], isEnded: boolean): boolean {
  if (killPoint === undefined) return false;
  if (killPoint === "end") return isEnded;
  if ("during" in killPoint) return entries.at(-1)?.args.name === killPoint.during;
  return entries.filter(({ event }) => event === "ended").length >= killPoint.ended;
}
