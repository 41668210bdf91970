// A folder of agents' files, each served as an assistant: PLAN_EXECUTE_AGENTS, or the examples beside this file. An
// assistant chooses its file with `config: { configurable: { agent: "name" } }`. server/http.ts makes one for each file.
// A file that changed is read again at the next run.
import { readdirSync, statSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { loadAgent, type PlanExecuteAgent } from "langgraph-plan-execute";

const FILES = new Set([".yaml", ".yml", ".json"]);

/** The folder of the files. */
function folder(): string {
  return resolve(process.env.PLAN_EXECUTE_AGENTS || join(import.meta.dirname, "agents"));
}

/** The paths of the files, by the names of their agents. */
export function listAgents(from: string = folder()): ReadonlyMap<string, string> {
  const files = readdirSync(from).filter((file) => FILES.has(extname(file).toLowerCase()));
  return new Map(files.sort().map((file) => [file.slice(0, -extname(file).length), join(from, file)]));
}

interface Loaded {
  readonly changedAt: number;
  readonly agent: Promise<PlanExecuteAgent>;
}

const LOADED = new Map<string, Loaded>();

/** Loads an agent, unless its file is still as it was. The server brings its own checkpointer and store. */
async function agentAt(path: string): Promise<PlanExecuteAgent> {
  const changedAt = statSync(path).mtimeMs;
  const before = LOADED.get(path);
  if (before?.changedAt === changedAt) {
    return before.agent;
  }
  const agent = loadAgent(path, { storage: false });
  LOADED.set(path, { changedAt, agent });
  try {
    return await agent;
  } catch (error) {
    LOADED.delete(path);
    throw error;
  } finally {
    // Runs that are under way keep the agent that they began with; only its servers end.
    await (await before?.agent)?.close();
  }
}

/** What langgraph.json names. Without a name it is the first agent of the folder. */
export async function graph(config: {
  readonly configurable?: Readonly<Record<string, unknown>>;
}): Promise<PlanExecuteAgent> {
  const agents = listAgents();
  const name = config.configurable?.agent ?? [...agents.keys()][0];
  const path = agents.get(String(name));
  if (path === undefined) {
    throw new Error(
      `There is no agent "${String(name)}" in ${folder()}. There are: ${[...agents.keys()].join(", ")}.`,
    );
  }
  return agentAt(path);
}
