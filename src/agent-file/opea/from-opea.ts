import { createNearestName } from "../../base/index.js";
import { keysAt } from "../json-schema.js";
import type { Path, YamlSource } from "../yaml-source.js";
import { type FoundEntries, OPEA_KEYS, type OpeaEntry, UNUSED_KEYS } from "./opea-keys.js";

/** OPEA's configuration as the data of an agent's file. */
export interface FromOpea {
  readonly data: Record<string, unknown>;
  /** Where the options come from, by their names. */
  readonly origins: ReadonlyMap<string, Path>;
}

/** The name under which the model and the MCP server of OPEA's configuration are known. */
const NAME = "opea";
const ENGINES = ["openai", "vllm", "tgi"];
const NOTHING = "has no meaning here";

/** Turns OPEA's configuration into an agent's file. What has no meaning here gives a warning. */
export function fromOpea(
  { entries, isService, toOutside }: FoundEntries,
  source: YamlSource,
  warn: (warning: string) => void,
): FromOpea {
  const data: Record<string, unknown> = {};
  const origins = new Map<string, Path>();
  const rest = new Map(entries);
  const take = (key: string): OpeaEntry | undefined => {
    const entry = rest.get(key);
    rest.delete(key);
    return entry === undefined || entry.value === "" || entry.value === null ? undefined : entry;
  };
  const set = (option: string, value: unknown, { path }: OpeaEntry) => {
    data[option] = value;
    origins.set(option, path);
  };
  const tell = (entry: OpeaEntry, message: string) => warn(source.toWarning(entry.path, message));

  const strategy = take("strategy");
  if (strategy !== undefined && strategy.value !== "plan_execute") {
    tell(strategy, `"${String(strategy.value)}" ${NOTHING}: the agent plans and executes`);
  }
  takeModel();
  const timeout = take("timeout");
  if (timeout !== undefined) {
    set("modelTimeoutMs", toNumber(timeout.value, 1_000), timeout);
  }
  const tools = take("tools");
  if (tools !== undefined) {
    const isPath = typeof tools.value === "string";
    set("tools", isPath ? [{ opea: toOutside(String(tools.value)) }] : tools.value, tools);
  }
  const memory = take("with_memory");
  const kind = take("memory_type");
  if (memory !== undefined && isTrue(memory.value)) {
    set("checkpointer", "memory:", memory);
  }
  if (kind !== undefined && !["checkpointer", "volatile"].includes(String(kind.value))) {
    tell(
      kind,
      `"${String(kind.value)}" ${NOTHING}, because there is no Redis; checkpointer: postgres://… keeps threads`,
    );
  }
  const feedback = take("require_human_feedback");
  if (feedback !== undefined && isTrue(feedback.value)) {
    set("approval", { plan: true }, feedback);
  }
  const role = take("role_description");
  if (role !== undefined) {
    for (const name of ["planner", "executor", "replanner"]) {
      set(name, { instructions: String(role.value) }, role);
    }
  }
  const name = take("agent_name");
  if (name !== undefined) {
    set("name", String(name.value), name);
  }
  takeMcp();
  takeRest();
  return { data, origins };

  function takeModel(): void {
    const [model, engine, endpoint] = [take("model"), take("llm_engine"), take("llm_endpoint_url")];
    const key = take("api_key") ?? take("openai_api_key");
    rest.delete("openai_api_key");
    const sampling = {
      temperature: take("temperature"),
      topP: take("top_p"),
      maxTokens: take("max_new_tokens"),
    };
    if (model === undefined) {
      return;
    }
    const ran = String(engine?.value ?? "tgi");
    if (!ENGINES.includes(ran)) {
      const meant = createNearestName()(ran, ENGINES);
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      source.add(engine?.path ?? [], `must be ${ENGINES.join(" or ")}, not ${JSON.stringify(ran)}${hint}`);
    }
    if (ran !== "openai" && endpoint === undefined) {
      source.add(engine?.path ?? model.path, `${ran} needs llm_endpoint_url, the address of its server`);
    }
    const given = Object.entries({ baseUrl: endpoint, apiKey: key, ...sampling }).flatMap(
      ([option, entry]) => (entry === undefined ? [] : [{ option, entry }]),
    );
    const spec = `openai:${String(model.value)}`;
    origins.set(`models.${NAME}.model`, model.path);
    if (given.length === 0) {
      set("model", spec, model);
      return;
    }
    const details = given.map(({ option, entry }) => {
      origins.set(`models.${NAME}.${option}`, entry.path);
      return [option, detailOf(option, entry.value)] as const;
    });
    set("models", { [NAME]: { model: spec, ...Object.fromEntries(details) } }, model);
    set("model", NAME, model);
  }

  function takeMcp(): void {
    const [url, key] = [take("mcp_sse_server_url"), take("mcp_sse_server_api_key")];
    if (url === undefined) {
      return;
    }
    tell(url, "the server is asked over streamable HTTP; the older transport SSE is not spoken here");
    const headers = key === undefined ? {} : { headers: { Authorization: `Bearer ${String(key.value)}` } };
    set("mcp", { [NAME]: { url: String(url.value), ...headers } }, url);
  }

  /** What is left is an option of ours, as it stands, or means nothing. */
  function takeRest(): void {
    const own = new Set(keysAt([]));
    const unused: OpeaEntry[] = [];
    const given = [...rest].filter(([, { value }]) => value !== "");
    for (const [key, entry] of given) {
      const advice = UNUSED_KEYS[key];
      const meant = createNearestName()(key, OPEA_KEYS);
      if (advice !== undefined) {
        tell(entry, `${NOTHING}: ${advice}`);
      } else if (key in UNUSED_KEYS || isService) {
        unused.push(entry);
      } else if (own.has(key) || meant === undefined) {
        data[key] = entry.value;
      } else {
        source.add(entry.path, `there is no such key; did you mean ${meant}?`, "key");
      }
    }
    if (unused.length > 0) {
      const names = unused.map(({ path }) => String(path.at(-1)));
      warn(`${names.join(", ")}: ${unused.length === 1 ? NOTHING : "have no meaning here"}`);
    }
  }
}

function detailOf(option: string, value: unknown): unknown {
  if (option === "baseUrl") {
    // OPEA adds the version itself.
    return `${String(value).replace(/\/+$/, "").replace(/\/v1$/, "")}/v1`;
  }
  return option === "apiKey" ? String(value) : toNumber(value);
}

/** A number, or what was written if it is none: the schema says what is wrong with it. */
function toNumber(value: unknown, times = 1): unknown {
  const number = Number(value);
  return Number.isFinite(number) ? number * times : value;
}

function isTrue(value: unknown): boolean {
  return value === true || String(value).toLowerCase() === "true";
}
