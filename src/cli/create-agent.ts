import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { BaseCheckpointSaver, BaseStore } from "@langchain/langgraph";
import { createPlanExecuteAgent, loadPlans, type PlanExecuteAgent, registryOf } from "../agent/index.js";
import type { AgentEvent } from "../events/index.js";
import { assertModelName, defaultModel, type ModelSpec, OFFLINE_MODEL } from "../models/index.js";
import { FLAG_FIELDS, toOptions } from "../options/index.js";
import { resolveDependencies } from "../plan/index.js";
import { type AgentTool, BuiltinToolError, createBuiltinTools } from "../tools/index.js";
import type { ToolKnowledge } from "./asking/index.js";
import { withGuardedFiles } from "./guard-files.js";
import { type LoadedGraph, loadGraph } from "./load-graph.js";
import { type CommandOptions, flagOf } from "./options/index.js";
import type { DependenciesOf } from "./showing/index.js";
import { type Surroundings, UsageError } from "./surroundings.js";
import { withoutSecrets, writeJson } from "./write.js";

/** The agent that the options ask for. The options are checked, but nothing has been opened yet. */
export interface PreparedAgent {
  readonly create: (threads: { checkpointer: BaseCheckpointSaver; store?: BaseStore }) => PlanExecuteAgent;
  readonly dependenciesOf: DependenciesOf;
  readonly tools: ToolKnowledge;
  /** Whether a tool only reads. A tool of a thread's own graph, which is not loaded to show it, counts as one that does. */
  readonly isReadOnly: (tool: string) => boolean;
  /** What to tell the user about the agent's models and its file, if anything. */
  readonly notice?: string;
  /** Whether the agent's file names a model. */
  readonly hasModel: boolean;
  /** The secrets of the agent's file, each with what is shown in its place. */
  readonly secrets: ReadonlyMap<string, string>;
}

/**
 * Prepares the agent: the one of a graph, or one with the built-in tools. Throws a `UsageError` if an option names
 * something that does not exist.
 */
export async function prepareAgent(
  options: CommandOptions,
  surroundings: Pick<Surroundings, "environment" | "folder" | "stdin" | "stderr">,
): Promise<PreparedAgent> {
  const { environment } = surroundings;
  const { create: createAgent, file } = await chooseAgent(options, surroundings);
  const secrets = file?.secrets ?? new Map<string, string>();
  const stderr = withoutSecrets(surroundings.stderr, secrets);
  // After the graph is loaded, because its module may load a .env file.
  const model = options.model ?? file?.options.model ?? environmentModel(environment);
  // Events come from `onEvent` because the custom stream ends before the event of a cancelled run.
  const onEvent = options.events ? (event: AgentEvent) => writeJson(stderr, event) : undefined;
  // This agent never runs. It only provides the names of its tools, so that options that name tools can be checked
  // first.
  const registry = registryOf(createAgent({ model })) ?? noAgent(options.graph);
  // The tools of MCP servers are known, and checked, when a run begins.
  if (file?.options.mcp === undefined) {
    assertTools(options, registry.names);
  }
  return {
    create: ({ checkpointer, store }) =>
      createAgent({
        ...withGuardedFiles(toOptions(options), options, surroundings, file),
        model,
        checkpointer,
        store,
        onEvent,
      }),
    dependenciesOf: (steps) =>
      new Map(resolveDependencies(steps, registry).map(({ id, dependsOn }) => [id, dependsOn])),
    tools: {
      describe: (name) => registry.describe().find((tool) => tool.name === name),
      checkArgs: registry.checkArgs,
    },
    isReadOnly: (name) => !registry.has(name) || registry.isReadOnly(name),
    notice: [...(file?.warnings ?? []), ...keyNotice(model, environment)].join("\n") || undefined,
    hasModel: file?.options.model !== undefined,
    secrets,
  };
}

/** Chooses what creates the agent: the graph that the options name, or else the built-in tools. */
async function chooseAgent(
  options: CommandOptions,
  surroundings: Pick<Surroundings, "environment" | "folder">,
): Promise<LoadedGraph> {
  const { folder } = surroundings;
  if (options.graph !== undefined) {
    return loadGraph(options.graph, surroundings);
  }
  const tools = createTools(options, folder);
  const plans = options.plans === undefined ? [] : await loadPlans(resolve(folder, options.plans));
  return { create: (given) => createPlanExecuteAgent({ ...given, tools, plans }) };
}

function noAgent(graph: string | undefined): never {
  throw new UsageError(
    `--graph is "${graph}", whose createGraph(options) returns no agent. Let it return what createPlanExecuteAgent makes.`,
  );
}

function environmentModel(environment: Surroundings["environment"]): string {
  const model = defaultModel(environment);
  assertModelName(model, {}, "PLAN_EXECUTE_MODEL");
  return model;
}

function createTools({ root, allowHttp }: CommandOptions, folder: string): AgentTool[] {
  const path = resolve(folder, root ?? ".");
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`--root is "${root}", which is no folder. Name one that is there.`);
  }
  try {
    return createBuiltinTools({
      root: path,
      ...(allowHttp.length === 0 ? {} : { http: { allow: allowHttp } }),
    });
  } catch (error) {
    if (!(error instanceof BuiltinToolError)) {
      throw error;
    }
    throw new UsageError(`--allow-http: ${error.message}`, { cause: error });
  }
}

/**
 * Throws if an option names a tool that does not exist. A misspelt name would let a tool run that was meant to wait.
 */
function assertTools(options: CommandOptions, known: readonly string[]): void {
  const values = new Map<string, unknown>(Object.entries(options));
  for (const { name } of FLAG_FIELDS.filter(({ names }) => names === "tools")) {
    const unknown = [values.get(name)]
      .flat()
      .find((tool) => tool !== undefined && !known.includes(String(tool)));
    if (unknown !== undefined) {
      throw new UsageError(
        `${flagOf(name)} names "${unknown}", which is no tool. There are: ${known.join(", ")}.`,
      );
    }
  }
}

/** A server without a key is easily taken for one that is used. */
function keyNotice(
  model: ModelSpec,
  { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl }: Surroundings["environment"],
): string[] {
  return model === OFFLINE_MODEL && baseUrl && !key
    ? [
        "OPENAI_BASE_URL is set and OPENAI_API_KEY is not: set it too (any word, where the server wants none).",
      ]
    : [];
}
