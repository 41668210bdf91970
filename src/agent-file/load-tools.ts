import { dirname, relative, resolve, sep } from "node:path";
import { createNearestName, describeError } from "../base/index.js";
import { type AgentTool, createBuiltinTools, createSearchTool, SEARCH_PROVIDERS } from "../tools/index.js";
import { TOOLS } from "./file-schema.js";
import type { Loading } from "./loading.js";
import { loadOpeaTools } from "./opea/index.js";
import type { Path } from "./yaml-source.js";

/** Stands for all built-in tools that the file gives what they need. */
const ALL = "builtin";
const WRITES = "write_file";
/** The tools that work in the folder `root`. */
const OF_FILES = ["read_file", WRITES, "list_files", "csv_query", "json_query"];
const OF_HTTP = "http_get";

/** Loads the tools that a file names. What cannot be loaded is a problem of the file. */
export async function loadTools(value: unknown, loading: Loading): Promise<AgentTool[]> {
  const entries = TOOLS.parse(value);
  const builtin = createBuiltin(entries, loading);
  const loaded = entries.map(async (entry, index): Promise<readonly AgentTool[]> => {
    const path = ["tools", index];
    if (typeof entry === "string") {
      return entry === ALL ? [...builtin.values()] : loadNamed(entry, path, builtin, loading);
    }
    if ("opea" in entry && typeof entry.opea === "string") {
      return loadOpeaTools(resolve(loading.folder, entry.opea), loading, path);
    }
    return [entry].flat().filter(isTool);
  });
  const tools = (await Promise.all(loaded)).flat();
  // A tool that is named beside "builtin" is one tool.
  return tools.filter((tool, index) => tools.indexOf(tool) === index);
}

/** Whether a tool may change the files of the folder `root`. */
export function writesFiles(value: unknown): boolean {
  const { success, data } = TOOLS.safeParse(value);
  return success && data.some((entry) => entry === WRITES || entry === ALL);
}

/** The registry says what is wrong with a tool of a module. */
function isTool(value: object): value is AgentTool {
  return "name" in value;
}

function createBuiltin(entries: readonly unknown[], loading: Loading): Map<string, AgentTool> {
  const { root, allowHttp, timezone, folder, source } = loading;
  if (writesFiles(entries) && root !== undefined) {
    assertApart(root, loading);
  }
  try {
    const tools = createBuiltinTools({
      // Without a root nobody gets the tools that would use this.
      root: root ?? folder,
      timezone,
      ...(allowHttp.length === 0 ? {} : { http: { allow: allowHttp } }),
    });
    const usable = tools.filter(({ name }) => root !== undefined || !OF_FILES.includes(name));
    return new Map(usable.map((tool) => [tool.name, tool]));
  } catch (error) {
    source.add(["allowHttp"], describeError(error));
    return new Map();
  }
}

/** What the agent may write must not be what says how it works: its file could then be changed by a call. */
function assertApart(root: string, { files, source }: Loading): void {
  const inside = files.find((file) => {
    const way = relative(root, dirname(file));
    return way === "" || (way !== ".." && !way.startsWith(`..${sep}`));
  });
  if (inside !== undefined) {
    source.add(
      ["root"],
      `${WRITES} could change ${inside}, which is in this folder; name a folder of its own, such as ./files`,
    );
  }
}

async function loadNamed(
  name: string,
  path: Path,
  builtin: ReadonlyMap<string, AgentTool>,
  { root, source, allowHttp }: Loading,
): Promise<readonly AgentTool[]> {
  const own = builtin.get(name);
  if (own !== undefined) {
    return [own];
  }
  const provider = SEARCH_PROVIDERS.find((one) => one === name);
  if (provider !== undefined) {
    try {
      return [await createSearchTool(provider)];
    } catch (error) {
      source.add(path, describeError(error));
      return [];
    }
  }
  if (root === undefined && OF_FILES.includes(name)) {
    source.add(path, `${name} needs a folder; say which: root: ./files`);
  } else if (allowHttp.length === 0 && name === OF_HTTP) {
    source.add(path, `${name} needs the hosts that it may ask: allowHttp: [example.com]`);
  } else {
    const known = [ALL, ...builtin.keys(), ...OF_FILES, OF_HTTP, ...SEARCH_PROVIDERS];
    const meant = createNearestName()(name, known);
    const hint =
      meant === undefined ? `there are ${[...new Set(known)].join(", ")}` : `did you mean ${meant}?`;
    source.add(path, `there is no built-in tool ${JSON.stringify(name)}; ${hint}`);
  }
  return [];
}
