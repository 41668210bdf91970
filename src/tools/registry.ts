import { type ClientTool, isStructuredToolParams } from "@langchain/core/tools";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isRecord, type JsonValue } from "../base/index.js";
import { createArgsParser, type OutputShape, type PlanTool, writeShape } from "../plan/index.js";
import { type CalledArgs, readCalledArgs } from "./called-args.js";
import { declaredOutput } from "./declared-output.js";
import { ToolRegistryError } from "./tool-errors.js";
import { hintsOf, NO_HINTS, type ToolHints } from "./tool-hints.js";

/** Any LangChain tool: from `tool()`, `DynamicTool`, a `StructuredTool`, `runnable.asTool()` or MCP. */
export type AgentTool = ClientTool;

/** Schema of a tool's arguments: zod 4, zod 3 or JSON Schema. */
type AgentSchema = AgentTool["schema"];

/** A JSON Schema as models see it. */
interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** What the registry needs besides the tools. */
interface ToolRegistryOptions {
  /** Names of tools that change nothing, for tools whose metadata does not say so. @default none */
  readonly readOnlyTools?: readonly string[];
}

/** A tool as it appears in the planner's catalogue. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly readOnly: boolean;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonSchema;
  /** The shape of the output, such as `{rows: [{...}], count}`; left out if the tool does not declare one. */
  readonly output?: string;
}

/** One agent's tools, by name. */
export interface ToolRegistry {
  /** Returns the tool with this name, if there is one. */
  get(name: string): AgentTool | undefined;
  has(name: string): boolean;
  /** All names, in the order in which the tools were given. */
  readonly names: readonly string[];
  /** Returns all tools, in the order in which they were given. */
  list(): readonly AgentTool[];
  /** Whether the tool changes nothing; false for an unknown tool. */
  isReadOnly(name: string): boolean;
  /** What the tool says of its effects. */
  hintsOf(name: string): ToolHints;
  /** Returns the schema's objections to complete arguments, one sentence each; none for an unknown tool. */
  checkArgs(name: string, args: unknown): readonly string[];
  /** Works out what the tool is called with, given these complete arguments. An unknown tool keeps them unchanged. */
  readArgs(name: string, args: Record<string, JsonValue>): Promise<CalledArgs>;
  /** Returns the tools in the form that `validatePlan` takes. */
  planTools(): readonly PlanTool[];
  /** Returns the tools in the form that prompts show. */
  describe(): readonly ToolDescription[];
  /** Returns a registry of only the tools with these names. */
  only(names: readonly string[]): ToolRegistry;
}

/** A tool together with what is computed from it once. */
interface Entry {
  readonly tool: AgentTool;
  readonly description: ToolDescription;
  readonly hints: ToolHints;
  readonly output: OutputShape | undefined;
  readonly checkArgs: ReturnType<typeof createArgsParser>;
}

/** Names that models may call in addition to the tools, so no tool may have one of them. */
const RESERVED_NAMES = ["plan", "respond", "blocked"];
/** Names that every provider accepts; OpenAI's rule is the strictest. */
const NAME_PATTERN = /^[a-zA-Z0-9_-]{1,64}$/;

/** Builds a registry of these tools. Throws a `ToolRegistryError` if one of them cannot be used. */
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
    const output = declaredOutput(tool);
    const hints = hintsOf(tool, readOnlyTools.has(tool.name));
    entries.set(tool.name, {
      tool,
      description: describeTool(tool, hints.readOnly, output),
      hints,
      output,
      checkArgs: createArgsParser(tool.schema),
    });
  }
  assertKnown(readOnlyTools, entries);
  return toRegistry(entries);
}

function toRegistry(entries: ReadonlyMap<string, Entry>): ToolRegistry {
  const list = [...entries.values()].map(({ tool }) => tool);
  const descriptions = [...entries.values()].map(({ description }) => description);
  const hints = (name: string) => entries.get(name)?.hints ?? NO_HINTS;
  const isReadOnly = (name: string) => hints(name).readOnly;
  const planTools = [...entries.values()].map(({ tool: { name, schema }, output }) => ({
    name,
    schema,
    readOnly: isReadOnly(name),
    output,
  }));
  return {
    get: (name) => entries.get(name)?.tool,
    has: (name) => entries.has(name),
    names: [...entries.keys()],
    list: () => list,
    isReadOnly,
    hintsOf: hints,
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
    if (typeof tool === "object" && tool !== null && "then" in tool) {
      throw new ToolRegistryError(
        "NOT_A_TOOL",
        `${where} is a promise of a tool. Wait for it: await createSearchTool(…), for example.`,
      );
    }
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
  if (name === "__proto__") {
    // A rule under this name would set the prototype of the object that holds the rules, and hold no call back.
    throw new ToolRegistryError(
      "INVALID_NAME",
      `The tool "${name}" (${where}) has a name that JavaScript keeps for itself. Rename it.`,
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

function describeTool(tool: AgentTool, readOnly: boolean, shape: OutputShape | undefined): ToolDescription {
  try {
    const parameters = describeSchema(tool.schema);
    const output = shape === undefined ? "" : writeShape(shape);
    return {
      name: tool.name,
      description: tool.description ?? "",
      readOnly,
      parameters,
      ...(output === "" ? {} : { output }),
    };
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

/** Keywords whose keys are names that the author chose, not keywords. */
const NAMED = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Keywords whose value is data, not a schema. */
const DATA = new Set(["default", "const", "enum", "examples", "required"]);

/**
 * Describes a tool's arguments as JSON Schema, without the parts that only cost tokens: `$schema`,
 * `additionalProperties: false`, the statement that keys are strings, and the safe integer bounds that zod
 * writes. Throws if the schema cannot be expressed as JSON Schema.
 */
function describeSchema(schema: AgentSchema): JsonSchema {
  // With io: "input", a field that has a default is optional.
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
