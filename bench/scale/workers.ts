import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { bundleProgram } from "../../test/support/program-file.js";
import type { Assignment } from "./worker.js";

/** A worker in a process of its own. */
export interface WorkerProcess {
  /** The name that its connections have. */
  readonly name: string;
  /** Ends it at once, or lets it stand still and go on. */
  send(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void;
  /** Lets it end in order. Returns its exit code. */
  end(): Promise<number | null>;
  isAlive(): boolean;
}

/** Starts workers, and knows what they complained of. */
export interface Workers {
  start(): Promise<WorkerProcess>;
  /** What they wrote to their error output. */
  complaints(): readonly string[];
  /** Kills those that are left. */
  close(): Promise<void>;
}

/** Prepares the program of workers. */
export async function prepareWorkers(
  assignment: Omit<Assignment, "journal">,
  journals: string,
  environment: Readonly<Record<string, string>>,
): Promise<Workers> {
  const program = bundleProgram(new URL("./worker.ts", import.meta.url));
  const children = new Set<ChildProcess>();
  const complaints: string[] = [];
  return {
    async start() {
      const journal = `${journals}/${children.size}.jsonl`;
      const child = spawn(process.execPath, [program, JSON.stringify({ ...assignment, journal })], {
        stdio: ["pipe", "pipe", "pipe"],
        env: { ...process.env, ...environment },
      });
      children.add(child);
      const exited = once(child, "exit");
      createInterface(child.stderr).on("line", (line) => complaints.push(line));
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      const { value: name } = await Promise.race([
        lines.next(),
        exited.then(() => Promise.reject(new Error(`A worker did not start: ${complaints.at(-1)}`))),
      ]);
      const isAlive = () => child.exitCode === null && child.signalCode === null;
      return {
        name: String(name),
        isAlive,
        send: (signal) => void child.kill(signal),
        async end() {
          if (isAlive()) {
            child.kill("SIGTERM");
            await exited;
          }
          return child.exitCode;
        },
      };
    },
    complaints: () => complaints,
    async close() {
      for (const child of children) {
        child.kill("SIGKILL");
      }
    },
  };
}
