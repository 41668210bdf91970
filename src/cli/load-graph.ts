import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { PlanExecuteAgent, PlanExecuteOptions } from "../agent/index.js";
import { describeError } from "../base/index.js";
import { UsageError } from "./surroundings.js";

/** Makes the agent of a graph, with what the command line sets. */
export type CreateGraph = (options: PlanExecuteOptions) => PlanExecuteAgent;

const NAME = /^[\w-]+$/;

/**
 * Makes `--graph` independent of the folder and of how it is spelt: a path becomes absolute, and `data_pipeline`, as
 * langgraph.json names it, becomes `data-pipeline`.
 */
export function locateGraph(named: string, folder: string): string {
  return NAME.test(named) ? named.replaceAll("_", "-") : resolve(folder, named);
}

/** Loads the graph that `--graph` names: one of this package by its name, or the person's own module by its path. */
export async function loadGraph(named: string, folder: string): Promise<CreateGraph> {
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
        "general or research, or a file that exports createGraph(options).",
      { cause: error },
    );
  }
}

/** A module may export anything under the name, so the result is checked after the call. */
function isCreateGraph(value: unknown): value is CreateGraph {
  return typeof value === "function";
}
