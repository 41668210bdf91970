import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { PlanExecuteOptions } from "../../src/agent/index.js";
import type { McpProcess } from "../../src/mcp/index.js";
import { type PlannedAgent, plannedAgent } from "../support/agent-run.js";
import type { ScriptByRole } from "../support/scripted-model.js";

const PROGRAM = fileURLToPath(new URL("servers/small.mjs", import.meta.url));

/** A journal that servers write to. */
export interface ServerJournal {
  readonly path: string;
  lines(): string[];
  /** Waits until a line that begins like this stands in it. */
  until(begin: string): Promise<void>;
}

/** Makes an empty journal, for one test. */
export function createServerJournal(): ServerJournal {
  const folder = mkdtempSync(join(tmpdir(), "mcp-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "journal");
  writeFileSync(path, "");
  const lines = () => readFileSync(path, "utf8").split("\n").slice(0, -1);
  return {
    path,
    lines,
    async until(begin) {
      while (!lines().some((line) => line.startsWith(begin))) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

/** The small server as a process of the agent. */
export function smallServer(journal?: ServerJournal): McpProcess {
  return {
    command: process.execPath,
    args: [PROGRAM],
    ...(journal === undefined ? {} : { env: { JOURNAL: journal.path } }),
  };
}

/** Starts the small server on a port of its own. */
export async function startSmallServer(
  journal: ServerJournal,
): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = fork(PROGRAM, ["http"], {
    env: { ...process.env, JOURNAL: journal.path },
    stdio: ["ignore", "pipe", "ignore", "ipc"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const [port] = child.stdout === null ? [] : await once(child.stdout, "data");
  return { url: `http://127.0.0.1:${String(port).trim()}/mcp`, child };
}

/** An agent with servers, which end with the test. */
export function servedAgent(
  steps: readonly unknown[],
  options: Omit<PlanExecuteOptions, "model">,
  script: ScriptByRole = {},
): PlannedAgent {
  const planned = plannedAgent(steps, { replanner: { maxReplans: 0 }, ...options }, script);
  onTestFinished(() => planned.agent.close());
  return planned;
}
