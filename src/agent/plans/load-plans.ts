import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { describeError } from "../../base/index.js";
import { OptionsError, PLANS, toProblems } from "../../options/index.js";
import type { SavedPlan } from "../../plan/index.js";

const EXTENSIONS = new Set([".yaml", ".yml", ".json"]);

/**
 * Loads saved plans from a YAML or JSON file, which holds one plan or a list, or from all such files of a folder. Give
 * them to the option `plans`, which checks them against the tools. Throws an `OptionsError` that names the file.
 */
export async function loadPlans(path: string): Promise<SavedPlan[]> {
  const files = await attempt(path, () => filesAt(path));
  const loaded: SavedPlan[] = [];
  for (const file of files) {
    const read = await attempt(file, async () => parse(await readFile(file, "utf8")));
    const { success, data, error } = PLANS.safeParse(Array.isArray(read) ? read : [read]);
    if (!success) {
      throw new OptionsError(`The plans in ${file}`, error.issues.flatMap(toProblems));
    }
    loaded.push(...data);
  }
  return loaded;
}

async function filesAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) {
    return [path];
  }
  const names = (await readdir(path)).filter((name) => EXTENSIONS.has(extname(name).toLowerCase()));
  return names.sort().map((name) => join(path, name));
}

/** JSON is YAML, so one reader reads both. */
async function parse(text: string): Promise<unknown> {
  const { parse: parseYaml } = await import("yaml");
  return parseYaml(text);
}

async function attempt<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw new OptionsError(`The plans in ${path}`, [`they cannot be read: ${describeError(error)}`]);
  }
}
