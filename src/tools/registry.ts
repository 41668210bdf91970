import { type ClientTool, isStructuredToolParams } from "@langchain/core/tools";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import type { JsonValue } from "../base/index.js";
import { createArgsParser, type PlanTool } from "../plan/index.js";
import { type CalledArgs, readCalledArgs } from "./called-args.js";
import { ToolRegistryError } from "./tool-errors.js";

/** Any tool of LangChain: `tool()`, `DynamicTool`, a `StructuredTool`, `runnable.asTool()`, one from MCP. */
export type AgentTool = ClientTool;

/** The schema of a tool's arguments: zod 4, zod 3 or JSON Schema. */
type AgentSchema = AgentTool["schema"];

/** A JSON Schema, as it is shown to a model. */
interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Keywords under which the keys are names that somebody chose, not keywords. */
const NAMED = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Keywords whose value is data. */
const DATA = new Set(["default", "const", "enum", "examples", "required"]);

/**
 * The JSON Schema of a tool's arguments without what only costs tokens: `$schema`, `additionalProperties:
 * false`, that keys are text, and the bounds of safe whole numbers that zod writes. Throws where the schema
 * cannot be written.
 */
function describeSchema(schema: AgentSchema): JsonSchema {
  // io: "input": a field with a default need not be given.
  return withoutNoise(toJsonSchema(schema, { io: "input" }));
}

function withoutNoise(schema: object): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword, value]) => !isNoise(keyword, value))
      .map(([keyword, value]) => [keyword, cleanKeyword(keyword, value)]),
  );
}

function cleanKeyword(keyword: string, value: unknown): unknown {
  if (DATA.has(keyword) || typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown) => (isRecord(item) ? withoutNoise(item) : item));
  }
  if (!NAMED.has(keyword)) {
    return withoutNoise(value);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isRecord(inner) ? withoutNoise(inner) : inner]),
  );
}

function isNoise(keyword: string, value: unknown): boolean {
  if (keyword === "$schema") {
    return true;
  }
  if (keyword === "additionalProperties") {
    return value === false;
  }
  if (keyword === "propertyNames") {
    return isPlainText(value);
  }
  if (keyword === "minimum") {
    return value === Number.MIN_SAFE_INTEGER;
  }
  return keyword === "maximum" && value === Number.MAX_SAFE_INTEGER;
}

function isPlainText(value: unknown): boolean {
  return isRecord(value) && "type" in value && value.type === "string" && Object.keys(value).length === 1;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the registry needs to know beside the tools. */
interface ToolRegistryOptions {
  /** Names of tools that change nothing, for those that do not say so in their metadata. @default none */
  readonly readOnlyTools?: readonly string[];
}

/** A tool as the planner's catalogue shows it. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly readOnly: boolean;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonSchema;
}

/** The tools of one agent, by name. */
export interface ToolRegistry {
  /** The tool of this name, if there is one. */
  get(name: string): AgentTool | undefined;
  /** Whether there is a tool of this name. */
  has(name: string): boolean;
  /** All names, in the order in which the tools were given. */
  readonly names: readonly string[];
  /** All tools, in the order in which they were given. */
  list(): readonly AgentTool[];
  /** Whether the tool changes nothing; false for one that is not there. */
  isReadOnly(name: string): boolean;
  /** What the tool's schema has against complete arguments, each a sentence; nothing for an unknown tool. */
  checkArgs(name: string, args: unknown): readonly string[];
  /** What the tool is called with where it is given these complete arguments; themselves for an unknown tool. */
  readArgs(name: string, args: Record<string, JsonValue>): Promise<CalledArgs>;
  /** The tools as `validatePlan` takes them. */
  planTools(): readonly PlanTool[];
  /** The tools as a prompt shows them. */
  describe(): readonly ToolDescription[];
  /** The registry of those of the tools that have these names. */
  only(names: readonly string[]): ToolRegistry;
}

/** A tool, with what is worked out of it once. */
interface Entry {
  readonly tool: AgentTool;
  readonly description: ToolDescription;
  readonly checkArgs: ReturnType<typeof createArgsParser>;
}

/** What models may call beside the tools: no tool can have one of these names. */
const RESERVED_NAMES = ["plan", "respond", "blocked"];
/** What every provider accepts; OpenAI's rule is the strictest. */
const NAME_PATTERN = /^[a-zA-Z0-9_-]{1,64}$/;

/** The registry of these tools; throws a `ToolRegistryError` for any that cannot be used. */
export function createToolRegistry(
  tools: readonly AgentTool[],
  options: ToolRegistryOptions = {},
): ToolRegistry {
  const entries = new Map<string, Entry>();
  const readOnlyTools = new Set(options.readOnlyTools);
  for (const [index, tool] of tools.entries()) {
    assertTool(tool, index);
    if (entries.has(tool.name)) {
      throw new ToolRegistryError(
        "DUPLICATE_TOOL",
        `Two tools are named "${tool.name}". Rename one of them or leave it out.`,
        tool.name,
      );
    }
    entries.set(tool.name, {
      tool,
      description: describeTool(tool, readOnlyTools.has(tool.name) || saysReadOnly(tool)),
      checkArgs: createArgsParser(tool.schema),
    });
  }
  assertKnown(readOnlyTools, entries);
  return toRegistry(entries);
}

function toRegistry(entries: ReadonlyMap<string, Entry>): ToolRegistry {
  const list = [...entries.values()].map(({ tool }) => tool);
  const descriptions = [...entries.values()].map(({ description }) => description);
  const isReadOnly = (name: string) => entries.get(name)?.description.readOnly ?? false;
  const planTools = list.map(({ name, schema }) => ({ name, schema, readOnly: isReadOnly(name) }));
  return {
    get: (name) => entries.get(name)?.tool,
    has: (name) => entries.has(name),
    names: [...entries.keys()],
    list: () => list,
    isReadOnly,
    checkArgs: (name, args) =>
      (entries.get(name)?.checkArgs(args) ?? []).map(({ path, message }) => {
        const place = path.map(String).join(".");
        return place === "" ? message : `${place}: ${message}`;
      }),
    readArgs: async (name, args) => {
      const entry = entries.get(name);
      if (entry === undefined) {
        return { args, isShown: true };
      }
      return readCalledArgs(entry.tool.schema, args, () => entry.checkArgs(args).length > 0);
    },
    planTools: () => planTools,
    describe: () => descriptions,
    only: (names) => toRegistry(new Map([...entries].filter(([name]) => names.includes(name)))),
  };
}

function assertTool(tool: unknown, index: number): asserts tool is AgentTool {
  const where = `tools[${index}]`;
  if (typeof tool !== "object" || tool === null || !("invoke" in tool) || typeof tool.invoke !== "function") {
    const what = tool === null ? "null" : Array.isArray(tool) ? "a list" : `a ${typeof tool}`;
    const problem = typeof tool === "object" && tool !== null ? "has no invoke()" : `is ${what}`;
    throw new ToolRegistryError(
      "NOT_A_TOOL",
      `${where} is not a tool: it ${problem}. Pass what tool() of @langchain/core/tools returns, or any other LangChain tool.`,
    );
  }
  const name: unknown = "name" in tool ? tool.name : undefined;
  assertName(name, where);
  if (!isStructuredToolParams(tool)) {
    throw new ToolRegistryError(
      "MISSING_SCHEMA",
      `The tool "${name}" (${where}) has no schema of its arguments. Give it a zod object or a JSON Schema with a type.`,
      name,
    );
  }
}

function assertName(name: unknown, where: string): asserts name is string {
  if (typeof name !== "string" || name.length === 0) {
    throw new ToolRegistryError("MISSING_NAME", `${where} has no name. Give it one.`);
  }
  if (!NAME_PATTERN.test(name)) {
    throw new ToolRegistryError(
      "INVALID_NAME",
      `The tool "${name}" (${where}) has a name that model providers refuse. Use 1 to 64 letters, digits, "_" or "-".`,
      name,
    );
  }
  if (RESERVED_NAMES.includes(name)) {
    throw new ToolRegistryError(
      "RESERVED_NAME",
      `The tool "${name}" (${where}) has a name that the agent uses itself (${RESERVED_NAMES.join(", ")}). Rename it.`,
      name,
    );
  }
}

function assertKnown(readOnlyTools: ReadonlySet<string>, byName: ReadonlyMap<string, unknown>): void {
  for (const name of readOnlyTools) {
    if (byName.has(name)) {
      continue;
    }
    throw new ToolRegistryError(
      "UNKNOWN_READ_ONLY_TOOL",
      `readOnlyTools names "${name}", which is no tool. The tools are: ${[...byName.keys()].join(", ") || "none"}.`,
      name,
    );
  }
}

function describeTool(tool: AgentTool, readOnly: boolean): ToolDescription {
  try {
    const parameters = describeSchema(tool.schema);
    return { name: tool.name, description: tool.description ?? "", readOnly, parameters };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ToolRegistryError(
      "SCHEMA_NOT_JSON",
      `The schema of the tool "${tool.name}" cannot be told to a model: ${reason}. Use types that JSON has.`,
      tool.name,
      { cause: error },
    );
  }
}

/** `metadata.readOnly`, or MCP's hint where `@langchain/mcp-adapters` puts it: `metadata.annotations`. */
function saysReadOnly(tool: AgentTool): boolean {
  const metadata = "metadata" in tool ? tool.metadata : undefined;
  if (typeof metadata !== "object" || metadata === null) {
    return false;
  }
  if ("readOnly" in metadata) {
    return metadata.readOnly === true;
  }
  const annotations = "annotations" in metadata ? metadata.annotations : undefined;
  if (typeof annotations !== "object" || annotations === null) {
    return false;
  }
  return "readOnlyHint" in annotations && annotations.readOnlyHint === true;
}
