import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../support/free-port.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const startWithinMs = 60_000;

/** LangGraph's development server with the graphs of this repository. */
export interface DevServer {
  readonly url: string;
  /** The folder that the server is started in: its code, and what it keeps of threads. */
  readonly folder: string;
  /** The folder of what the graphs write. */
  readonly files: string;
  /** Ends the server and everything that it started, and removes its files. */
  stop(): Promise<void>;
}

/** Starts the server on a free port, in a folder of its own: it keeps its threads beside langgraph.json. */
export async function startDevServer(environment: Readonly<Record<string, string>> = {}): Promise<DevServer> {
  const folder = await mkdtemp(join(tmpdir(), "plan-execute-server-"));
  const files = await mkdtemp(join(tmpdir(), "plan-execute-files-"));
  for (const name of ["langgraph.json", "package.json", "tsconfig.json"]) {
    await copyFile(join(repository, name), join(folder, name));
  }
  for (const name of ["graphs", "server", "src", "ui", "node_modules"]) {
    await symlink(join(repository, name), join(folder, name));
  }
  const port = await freePort();
  const { OPENAI_API_KEY: _key, PLAN_EXECUTE_MODEL: _model, ...inherited } = process.env;
  const child = spawn(
    join(repository, "node_modules/.bin/langgraphjs"),
    ["dev", "--no-browser", "--host", "127.0.0.1", "--port", String(port)],
    {
      cwd: folder,
      // A group of its own, so that ending it ends the processes that the command line starts.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...inherited, LANGGRAPH_CLI_NO_ANALYTICS: "1", PLAN_EXECUTE_ROOT: files, ...environment },
    },
  );
  const exited = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const stop = async () => {
    if (child.pid !== undefined) {
      await endGroup(child.pid);
    }
    await exited;
    for (const made of [folder, files]) {
      await rm(made, { recursive: true, force: true });
    }
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + startWithinMs;
  while (!(await isUp(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`The server did not start: ${output}`);
    }
    await delay(100);
  }
  return { url, folder, files, stop };
}

/** Ends a process group; returns when none of its processes is left. */
async function endGroup(groupId: number): Promise<void> {
  for (let waits = 0; signalGroup(groupId, waits < 50 ? "SIGTERM" : "SIGKILL"); waits += 1) {
    await delay(100);
  }
}

/** Whether there was anybody in the group to get the signal. */
function signalGroup(groupId: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-groupId, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") {
      return false;
    }
    throw error;
  }
}

/** Of all paths this one alone asks nobody who they are. */
async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/info`)).ok;
  } catch (error) {
    if (error instanceof TypeError) {
      return false;
    }
    throw error;
  }
}
