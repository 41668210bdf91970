import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { PlanExecuteAgent, PlanExecuteOptions } from "../agent/index.js";
import { type AgentFile, FROM_ENVIRONMENT, isAgentFile, openAgentFile } from "../agent-file/index.js";
import { describeError } from "../base/index.js";
import { type Surroundings, UsageError } from "./surroundings.js";

/** Makes the agent of a graph, with what the command line sets. */
export type CreateGraph = (options: PlanExecuteOptions) => PlanExecuteAgent;

/** A graph that was loaded. */
export interface LoadedGraph {
  readonly create: CreateGraph;
  /** The agent's file that it comes from, if it comes from one. */
  readonly file?: AgentFile;
}

const NAME = /^[\w-]+$/;

/**
 * Makes `--graph` independent of the folder and of how it is spelt: a path becomes absolute, and `data_pipeline`, as
 * langgraph.json names it, becomes `data-pipeline`.
 */
export function locateGraph(named: string, folder: string): string {
  if (named === FROM_ENVIRONMENT) {
    return named;
  }
  return NAME.test(named) ? named.replaceAll("_", "-") : resolve(folder, named);
}

/** Opens the agent's file that `--graph` names. Undefined if it names something else. */
export async function openNamedFile(
  named: string | undefined,
  { folder, environment }: Pick<Surroundings, "folder" | "environment">,
): Promise<AgentFile | undefined> {
  return named !== undefined && isAgentFile(named)
    ? openAgentFile(locateGraph(named, folder), { environment })
    : undefined;
}

/**
 * Loads the graph that `--graph` names: one of this package by its name, or the person's own by the path of its module
 * or its agent's file.
 */
export async function loadGraph(
  named: string,
  surroundings: Pick<Surroundings, "folder" | "environment">,
): Promise<LoadedGraph> {
  const file = await openNamedFile(named, surroundings);
  return file === undefined
    ? { create: await loadModule(named, surroundings.folder) }
    : { create: file.create, file };
}

async function loadModule(named: string, folder: string): Promise<CreateGraph> {
  const located = locateGraph(named, folder);
  const specifier = NAME.test(named)
    ? `langgraph-plan-execute/graphs/${located}`
    : pathToFileURL(located).href;
  const loaded = await load(specifier, named);
  const create: unknown = Reflect.get(loaded, "createGraph");
  if (!isCreateGraph(create)) {
    throw new UsageError(
      `--graph is "${named}", which exports no function createGraph(options). graphs/general.ts shows one.`,
    );
  }
  return create;
}

async function load(specifier: string, named: string): Promise<object> {
  try {
    const loaded: object = await import(specifier);
    return loaded;
  } catch (error) {
    throw new UsageError(
      `--graph is "${named}", which cannot be loaded: ${describeError(error).replace(/\.?$/, ".")} Name a graph of this package, such as ` +
        "general or research, an agent's file (agent.yaml), or a module that exports createGraph(options).",
      { cause: error },
    );
  }
}

/** A module may export anything under the name, so the result is checked after the call. */
function isCreateGraph(value: unknown): value is CreateGraph {
  return typeof value === "function";
}
