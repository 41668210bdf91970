import { type ClientTool, isStructuredToolParams } from "@langchain/core/tools";
import type { JsonValue } from "../base/index.js";
import { createArgsParser, type OutputShape, type PlanTool, writeShape } from "../plan/index.js";
import { type CalledArgs, readCalledArgs } from "./called-args.js";
import { declaredOutput } from "./declared-output.js";
import { describeSchema, type JsonSchema } from "./describe-schema.js";
import { ToolRegistryError } from "./tool-errors.js";
import { hintsOf, NO_HINTS, type ToolHints } from "./tool-hints.js";
import { findPreviews, type PreviewCall, previewOf, type ToolPreview } from "./tool-preview.js";

/** Any LangChain tool: from `tool()`, `DynamicTool`, a `StructuredTool`, `runnable.asTool()` or MCP. */
export type AgentTool = ClientTool;

/** What the registry needs besides the tools. */
interface ToolRegistryOptions {
  /** Names of tools that change nothing, for tools whose metadata does not say so. @default none */
  readonly readOnlyTools?: readonly string[];
  /** The agents that steps may name as workers. @default none */
  readonly workers?: readonly WorkerDescription[];
}

/** A worker as planners are told of it. */
export interface WorkerDescription {
  readonly name: string;
  readonly description: string;
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
  /** The workers, which no choice among the tools leaves out. */
  readonly workers: readonly WorkerDescription[];
  /** Returns the tools and workers in the form that `validatePlan` takes. */
  planTools(): readonly PlanTool[];
  /** Returns the calls that show what the words of a goal stand for, before anything is planned. */
  previewsIn(goal: string): readonly PreviewCall[];
  /** Whether the tool shows what some names stand for. */
  hasPreview(name: string): boolean;
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
  readonly preview: ToolPreview | undefined;
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
      preview: previewOf(tool, hints.readOnly),
      checkArgs: createArgsParser(tool.schema),
    });
  }
  assertKnown(readOnlyTools, entries);
  const { workers = [] } = options;
  assertWorkers(workers, entries);
  return toRegistry(entries, workers);
}

function toRegistry(
  entries: ReadonlyMap<string, Entry>,
  workers: readonly WorkerDescription[],
): ToolRegistry {
  const list = [...entries.values()].map(({ tool }) => tool);
  const descriptions = [...entries.values()].map(({ description }) => description);
  const hints = (name: string) => entries.get(name)?.hints ?? NO_HINTS;
  const isReadOnly = (name: string) => hints(name).readOnly;
  const previews = new Map(
    [...entries].flatMap(([name, { preview }]) => (preview === undefined ? [] : [[name, preview] as const])),
  );
  const planTools: PlanTool[] = [
    ...[...entries.values()].map(({ tool: { name, schema }, output }) => ({
      name,
      schema,
      readOnly: isReadOnly(name),
      output,
    })),
    ...workers.map(({ name }) => ({ name, isWorker: true })),
  ];
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
    workers,
    planTools: () => planTools,
    previewsIn: (goal) => findPreviews(goal, previews),
    hasPreview: (name) => previews.has(name),
    describe: () => descriptions,
    only: (names) => toRegistry(new Map([...entries].filter(([name]) => names.includes(name))), workers),
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

/** A name that a tool and a worker share would leave open which of them a step means. */
function assertWorkers(workers: readonly WorkerDescription[], tools: ReadonlyMap<string, unknown>): void {
  for (const { name } of workers) {
    if (tools.has(name)) {
      const message = `A tool and a worker are both named "${name}". Rename one of them.`;
      throw new ToolRegistryError("DUPLICATE_TOOL", message, name);
    }
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
