// The options that have a form of their own in a file, and how each becomes the option.
import { resolve } from "node:path";
import { z } from "zod";
import { loadPlans, loadProject } from "../agent/index.js";
import { describeError } from "../base/index.js";
import { createModel } from "../models/index.js";
import { isZodObject, type SavedPlan } from "../plan/index.js";
import { MODEL_DETAILS, PLANS_OR_PATHS, PROJECT, WORKERS } from "./file-schema.js";
import { loadTools } from "./load-tools.js";
import type { Loading } from "./loading.js";

/** Makes an option of what a file says. What is wrong is a problem of the file. */
export type Loader = (value: unknown, loading: Loading) => Promise<unknown>;

/** The loaders, by the names of their options. Other options are in a file as they are in code. */
export const LOADERS: Readonly<Record<string, Loader>> = {
  models: loadModels,
  tools: loadTools,
  plans: loadAllPlans,
  mcp: async (value, { folder }) => startIn(folder, value),
  responseFormat: async (value) => (isZodObject(value) ? value : z.fromJSONSchema(Object(value))),
  project: loadProjectOf,
  workers: loadWorkers,
};

async function loadModels(value: unknown, { source }: Loading): Promise<unknown> {
  const models = Object.entries(Object(value)).map(async ([name, given]): Promise<[string, unknown]> => {
    const { success, data } = MODEL_DETAILS.safeParse(given);
    if (!success) {
      return [name, given];
    }
    const { model, ...details } = data;
    try {
      return [name, await createModel(model, details)];
    } catch (error) {
      source.add(["models", name], describeError(error));
      return [name, undefined];
    }
  });
  return Object.fromEntries(await Promise.all(models));
}

async function loadAllPlans(value: unknown, { folder, source }: Loading): Promise<SavedPlan[]> {
  const given = [PLANS_OR_PATHS.parse(value)].flat();
  const loaded = given.map(async (one, index): Promise<readonly SavedPlan[]> => {
    if (typeof one !== "string") {
      return [one];
    }
    try {
      return await loadPlans(resolve(folder, one));
    } catch (error) {
      source.add(typeof value === "string" ? ["plans"] : ["plans", index], describeError(error));
      return [];
    }
  });
  return (await Promise.all(loaded)).flat();
}

/** A server that is a process of ours starts in the file's folder, because its command is relative to it. */
function startIn(folder: string, servers: unknown): unknown {
  const placed = Object.entries(Object(servers)).map(([name, server]): [string, unknown] => {
    const given = Object(server);
    return [name, "command" in given ? { ...given, cwd: resolve(folder, given.cwd ?? ".") } : server];
  });
  return Object.fromEntries(placed);
}

async function loadProjectOf(value: unknown, { folder, source, warn }: Loading): Promise<unknown> {
  const given = PROJECT.parse(value);
  const { folder: place, ...others } = typeof given === "string" ? { folder: given } : given;
  try {
    const project = await loadProject(resolve(folder, place), others);
    for (const warning of project.warnings) {
      warn(`project: ${warning}`);
    }
    return project;
  } catch (error) {
    source.add(["project"], describeError(error));
    return undefined;
  }
}

/** A worker is another agent's file. It becomes the option `workers`: `{ name: { description, agent } }`. */
export async function loadWorkers(value: unknown, { folder, source, loadAgent }: Loading): Promise<unknown> {
  const workers = Object.entries(WORKERS.parse(value)).map(
    async ([name, { description, agent }]): Promise<[string, unknown]> => {
      try {
        return [name, { description, agent: await loadAgent(resolve(folder, agent)) }];
      } catch (error) {
        source.add(["workers", name, "agent"], describeError(error));
        return [name, undefined];
      }
    },
  );
  return Object.fromEntries(await Promise.all(workers));
}
