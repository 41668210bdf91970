import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import { type Moment, momentSchema } from "./phases.js";
import type { Assignment } from "./worker.js";

/** What a worker reports when the run ends or needs a person. */
const endSchema = z.object({
  state: z.record(z.string(), z.unknown()),
  request: z.array(z.object({ name: z.string(), stepId: z.string() })).optional(),
});
const lineSchema = z.union([
  z.object({ moment: momentSchema }),
  z.object({ namespace: z.string() }),
  z.object({ busy: z.literal(true) }),
  z.object({ end: endSchema }),
]);

/** How a run ended, or where it waits for a person. */
export type WorkerEnd = z.infer<typeof endSchema>;

/** The result of one process. */
export interface Attempt {
  /** Undefined if the process was killed before. */
  readonly end: WorkerEnd | undefined;
  /** Whether somebody else was working on the thread. */
  readonly isBusy: boolean;
  /** The namespace of the agent's checkpoints, if it wrote any. */
  readonly namespace: string | undefined;
  /** Its error output, and how it ended if it ended by itself and badly. */
  readonly complaint: string;
}

/** A process that works on a run. */
export interface WorkerProcess {
  kill(): void;
  readonly ended: Promise<Attempt>;
}

const HUNG_MS = 60_000;

/** Starts a process that begins or continues a run. */
export function startWorker(
  file: string,
  assignment: Assignment,
  environment: Readonly<Record<string, string>>,
  onMoment: (moment: Moment) => void,
): WorkerProcess {
  const child = spawn(process.execPath, [file, JSON.stringify(assignment)], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  const kill = () => void child.kill("SIGKILL");
  return { kill, ended: follow() };

  async function follow(): Promise<Attempt> {
    const exited = once(child, "exit");
    let errors = "";
    let end: WorkerEnd | undefined;
    let namespace: string | undefined;
    let isBusy = false;
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    const watchdog = setTimeout(() => {
      errors += `it did not end within ${HUNG_MS} ms`;
      kill();
    }, HUNG_MS);
    try {
      for await (const line of createInterface(child.stdout)) {
        const said = lineSchema.parse(JSON.parse(line));
        if ("end" in said) {
          end = said.end;
        } else if ("namespace" in said) {
          namespace = said.namespace;
        } else if ("busy" in said) {
          isBusy = true;
        } else {
          onMoment(said.moment);
        }
      }
    } finally {
      clearTimeout(watchdog);
      if (end === undefined) {
        kill();
      }
    }
    const [code, signal] = await exited;
    const isBad = code !== 0 && signal !== "SIGKILL";
    return {
      end,
      isBusy,
      namespace,
      complaint: `${errors}${isBad ? `it ended with ${code ?? signal}` : ""}`,
    };
  }
}
