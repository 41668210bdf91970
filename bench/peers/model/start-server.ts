import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type LoggedCall, logSchema } from "./call-log.js";

/** The architecture whose prompts a perfect model has to understand. */
export type Family = "plan-execute" | "react" | "tutorial" | "compiler";

/** The model server, in a process of its own. */
export interface ModelServer {
  /** The address of one run's models. */
  urlFor(run: string, family: Family, work: string): string;
  /** The calls of a run. Throws if the model did not understand one. */
  callsOf(run: string): Promise<readonly LoggedCall[]>;
  close(): Promise<void>;
}

/** Starts the server. It ends with this process at the latest. */
export async function startServer(scale: number): Promise<ModelServer> {
  const file = fileURLToPath(new URL("./server.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", file, String(scale)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const lines = createInterface(child.stdout);
  const [first] = await Promise.race([once(lines, "line"), exited.then(() => [""])]);
  const port = Number(first);
  if (!Number.isInteger(port) || port === 0) {
    throw new Error("The model server did not start.");
  }
  const base = `http://127.0.0.1:${port}`;
  return {
    urlFor: (run, family, work) => `${base}/${[run, family, work].map(encodeURIComponent).join("/")}/v1`,
    async callsOf(run) {
      const { calls, failure } = logSchema.parse(
        await (await fetch(`${base}/${encodeURIComponent(run)}/log`)).json(),
      );
      if (failure !== undefined) {
        throw new Error(`The model of ${run} did not understand its prompt: ${failure}`);
      }
      return calls;
    },
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}
