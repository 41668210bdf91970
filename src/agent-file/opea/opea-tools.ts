// OPEA's tools.yaml: tools by name, each with a description, the function that does it, and its arguments.
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createNearestName, describeError, firstLine, isRecord } from "../../base/index.js";
import { type AgentTool, createSearchTool, type SearchProvider } from "../../tools/index.js";
import { loadExports } from "../load-modules.js";
import type { Loading } from "../loading.js";
import { type Path, YamlSource } from "../yaml-source.js";

const ARGUMENT = z.looseObject({ type: z.string().default("str"), description: z.string().optional() });
const TOOL = z.looseObject({
  description: z.string().optional(),
  callable_api: z.string().min(1),
  args_schema: z.record(z.string(), ARGUMENT).default({}),
});
type OpeaTool = z.output<typeof TOOL>;

/** What is read of a tool. `return_output` names a variable that OPEA does not use either. */
const KNOWN = ["description", "callable_api", "args_schema", "return_output"];
const TYPES: Readonly<Record<string, string>> = {
  str: "string",
  int: "integer",
  float: "number",
  bool: "boolean",
  list: "array",
  dict: "object",
};
/** The tools of Python's LangChain that we have too. */
const SEARCHES: Readonly<Record<string, SearchProvider>> = {
  "ddg-search": "duckduckgo",
  wikipedia: "wikipedia",
  arxiv: "arxiv",
  "searx-search": "searxng",
  tavily: "tavily",
};
/** The modules that may stand beside a Python file of the same name. */
const MODULES = [".ts", ".mts", ".js", ".mjs", ".cjs"];
const MAX_SAID_BYTES = 500;

/** Loads the tools of a tools.yaml, or of all such files in a folder. `path` is the place that names it. */
export async function loadOpeaTools(named: string, loading: Loading, path: Path): Promise<AgentTool[]> {
  const files = await filesAt(named);
  if (files === undefined) {
    loading.source.add(path, `there is no file ${named}`);
    return [];
  }
  const loaded: AgentTool[] = [];
  for (const file of files) {
    loaded.push(...(await loadFile(file, loading)));
  }
  return loaded;
}

async function filesAt(named: string): Promise<string[] | undefined> {
  if (!existsSync(named)) {
    return undefined;
  }
  if (!(await stat(named)).isDirectory()) {
    return [named];
  }
  const names = (await readdir(named)).filter((name) => [".yaml", ".yml"].includes(extname(name)));
  return names.sort().map((name) => join(named, name));
}

async function loadFile(file: string, { warn }: Loading): Promise<AgentTool[]> {
  const source = new YamlSource(file, await readFile(file, "utf8"), "The file of tools");
  const data = source.data() ?? {};
  const loaded: (AgentTool | undefined)[] = [];
  for (const [name, given] of Object.entries(isRecord(data) ? data : { "": data })) {
    const { success, data: read, error } = TOOL.safeParse(given);
    if (success) {
      warnOfRest(name, given, source, warn);
      loaded.push(await loadTool(name, read, file, source, warn));
    } else {
      for (const { path, message } of error.issues) {
        source.add([name, ...path.map(String)], message);
      }
    }
  }
  source.assertRight();
  return loaded.filter((one) => one !== undefined);
}

function warnOfRest(name: string, given: unknown, source: YamlSource, warn: (warning: string) => void): void {
  for (const key of Object.keys(Object(given)).filter((one) => !KNOWN.includes(one))) {
    warn(source.toWarning([name, key], "has no meaning here"));
  }
}

async function loadTool(
  name: string,
  { description, callable_api: callable, args_schema: args }: OpeaTool,
  file: string,
  source: YamlSource,
  warn: (warning: string) => void,
): Promise<AgentTool | undefined> {
  const path = [name, "callable_api"];
  if (callable in SEARCHES) {
    try {
      return await createSearchTool(SEARCHES[callable] ?? "duckduckgo");
    } catch (error) {
      source.add(path, describeError(error));
      return undefined;
    }
  }
  const call = /^https?:\/\//.test(callable)
    ? createPost(callable)
    : await loadFunction(callable, file, source, path, warn);
  if (isTool(call)) {
    return call;
  }
  if (typeof call !== "function") {
    return undefined;
  }
  const properties = Object.entries(args).map(([argument, { type, description: about }]) => [
    argument,
    { type: readType(type, source, [name, "args_schema", argument, "type"]), description: about },
  ]);
  const schema = {
    type: "object" as const,
    properties: Object.fromEntries(properties),
    required: Object.keys(args),
    additionalProperties: false,
  };
  return tool(async (given, config) => call(given, config), { name, description: description ?? "", schema });
}

/** The registry says what is wrong with it. */
function isTool(value: unknown): value is AgentTool {
  return isRecord(value) && typeof value.invoke === "function";
}

function readType(written: string, source: YamlSource, path: Path): string {
  const type = TYPES[written] ?? Object.values(TYPES).find((one) => one === written);
  if (type === undefined) {
    const meant = createNearestName()(written, Object.keys(TYPES));
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    source.add(path, `must be ${Object.keys(TYPES).join(" or ")}, not ${JSON.stringify(written)}${hint}`);
  }
  return type ?? "string";
}

/** A function that posts its arguments to an address, as OPEA does. */
function createPost(url: string) {
  return async (args: unknown, config: { readonly signal?: AbortSignal }) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(args),
      signal: config.signal,
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`The endpoint answered ${response.status}: ${firstLine(text, MAX_SAID_BYTES)}`);
    }
    return text;
  };
}

/** Loads `module.ts:name`. For a Python file, the module of the same name beside it is meant. */
async function loadFunction(
  callable: string,
  file: string,
  source: YamlSource,
  path: Path,
  warn: (warning: string) => void,
): Promise<unknown> {
  const at = callable.lastIndexOf(":");
  const module = callable.slice(0, at);
  const isPython = module.endsWith(".py");
  if (at < 1 || (!isPython && !MODULES.includes(extname(module)))) {
    const known = Object.keys(SEARCHES).join(", ");
    source.add(
      path,
      `must be module.ts:function, an address, or one of ${known}; not ${JSON.stringify(callable)}`,
    );
    return undefined;
  }
  const named = resolve(dirname(file), module);
  const stem = named.slice(0, -extname(named).length);
  const found = isPython ? MODULES.map((ending) => `${stem}${ending}`).find(existsSync) : named;
  if (found === undefined) {
    source.add(
      path,
      `${module} is Python, which does not run here; write its functions in ${stem}.ts or .js`,
    );
    return undefined;
  }
  if (isPython) {
    warn(
      source.toWarning(path, `${module} is Python, which does not run here: ${found} is used in its place`),
    );
  }
  const loaded = await loadExports(found, callable.slice(at + 1), source, { module: path, export: path });
  if (loaded !== undefined && typeof loaded !== "function" && !isRecord(loaded)) {
    source.add(path, `${callable} is no function and no tool`);
  }
  return loaded;
}
