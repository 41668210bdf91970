// The configuration of OPEA's agent (opea-project/GenAIComps, comps/agent): its keys, wherever they stand.
import { isRecord } from "../../base/index.js";
import type { Path } from "../yaml-source.js";

/** A key of OPEA's with its value, and its place in the file. */
export interface OpeaEntry {
  readonly value: unknown;
  readonly path: Path;
}

/** OPEA's keys in lower case. Those of the environment may be in capitals. */
export type OpeaEntries = ReadonlyMap<string, OpeaEntry>;

/** What is read of OPEA's. */
export const OPEA_KEYS = [
  "strategy",
  "llm_engine",
  "llm_endpoint_url",
  "model",
  "api_key",
  "temperature",
  "top_p",
  "max_new_tokens",
  "timeout",
  "tools",
  "with_memory",
  "memory_type",
  "require_human_feedback",
  "role_description",
  "agent_name",
  "mcp_sse_server_url",
  "mcp_sse_server_api_key",
] as const;

/** What means nothing here, and what to write instead if there is something. */
export const UNUSED_KEYS: Readonly<Record<string, string | undefined>> = {
  recursion_limit:
    "a run is not limited by its supersteps here; limits.maxModelCalls and limits.maxSteps limit a turn",
  custom_prompt: "prompts are not replaced here; planner.instructions adds to one",
  store_config: "there is no Redis here; checkpointer: postgres://… keeps threads",
  with_store: "there is no Redis here; checkpointer: postgres://… keeps threads",
  db_path: undefined,
  db_name: undefined,
  use_hints: undefined,
  hints_file: undefined,
  stream: undefined,
  streaming: undefined,
  top_k: undefined,
  repetition_penalty: undefined,
  return_full_text: undefined,
  debug: undefined,
  port: undefined,
};

/** A service of a compose file, with OPEA's keys in its environment. */
interface Service {
  readonly name: string;
  readonly environment: ReadonlyMap<string, OpeaEntry>;
  readonly volumes: readonly string[];
}

/** Whether data is OPEA's configuration: its keys, or a compose file whose service has them. */
export function isOpea(data: unknown): data is Record<string, unknown> {
  return isRecord(data) && ("strategy" in data || "llm_engine" in data || findService(data) !== undefined);
}

/** OPEA's keys in a file, and what a path in the service's container is outside. */
export interface FoundEntries {
  readonly entries: OpeaEntries;
  readonly isService: boolean;
  readonly toOutside: (path: string) => string;
}

/** Finds OPEA's keys in a file. */
export function findEntries(data: Record<string, unknown>): FoundEntries {
  const service = findService(data);
  if (service === undefined) {
    const entries = Object.entries(data).map(([key, value]): [string, OpeaEntry] => [
      key.toLowerCase() in UNUSED_KEYS || isKey(key.toLowerCase()) ? key.toLowerCase() : key,
      { value, path: [key] },
    ]);
    return { entries: new Map(entries), isService: false, toOutside: (path) => path };
  }
  return {
    entries: service.environment,
    isService: true,
    toOutside(path) {
      for (const volume of service.volumes) {
        const [outside = "", inside = ""] = volume.split(":");
        const folder = inside.replace(/\/+$/, "");
        if (folder !== "" && outside !== "" && (path === folder || path.startsWith(`${folder}/`))) {
          return `${outside.replace(/\/+$/, "")}${path.slice(folder.length)}`;
        }
      }
      return path;
    },
  };
}

/** Finds OPEA's keys in the environment. */
export function entriesOfEnvironment(environment: Readonly<Record<string, string | undefined>>): OpeaEntries {
  const spelt = new Set([...OPEA_KEYS, ...Object.keys(UNUSED_KEYS), "LLM_ENDPOINT_URL", "AGENT_NAME"]);
  const entries = Object.entries(environment).flatMap(([name, value]): [string, OpeaEntry][] =>
    spelt.has(name) ? [[name.toLowerCase(), { value, path: [name] }]] : [],
  );
  return new Map(entries);
}

function isKey(name: string): boolean {
  return OPEA_KEYS.some((key) => key === name);
}

function findService(data: Record<string, unknown>): Service | undefined {
  if (!isRecord(data.services)) {
    return undefined;
  }
  for (const [name, service] of Object.entries(data.services)) {
    if (!isRecord(service)) {
      continue;
    }
    const environment = environmentOf(service.environment, ["services", name, "environment"]);
    if (environment.has("strategy")) {
      const volumes = Array.isArray(service.volumes) ? service.volumes.map(String) : [];
      return { name, environment, volumes };
    }
  }
  return undefined;
}

/** A compose file has an environment as a map, or as a list of `name=value`. */
function environmentOf(environment: unknown, path: Path): Map<string, OpeaEntry> {
  if (Array.isArray(environment)) {
    const pairs = environment.map((pair, index): [string, OpeaEntry] => {
      const [key = "", ...value] = String(pair).split("=");
      return [key.toLowerCase(), { value: value.join("="), path: [...path, index] }];
    });
    return new Map(pairs);
  }
  const entries = Object.entries(isRecord(environment) ? environment : {});
  return new Map(entries.map(([key, value]) => [key.toLowerCase(), { value, path: [...path, key] }]));
}
