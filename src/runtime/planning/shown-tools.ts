// Which tools the prompt of a planner or a replanner shows, and how it asks for others.
import type { AIMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import {
  type CatalogueEntry,
  FIND_TOOL,
  type OtherTools,
  PLAN_TOOL,
  RESPOND_TOOL,
  toFoundTools,
} from "../../prompts/index.js";
import { describeTools, type NodeContext } from "../run/index.js";

/** What a prompt shows of the tools. */
export interface ShownTools {
  readonly tools: readonly CatalogueEntry[];
  /** The tools that are not described; undefined if all are. */
  readonly others: OtherTools | undefined;
}

/** What a prompt's tools are chosen for. */
export interface Work {
  /** What is to be done, the most important text first. */
  readonly texts: readonly string[];
  /** JSON, such as a plan's. The tools that it names are described. */
  readonly using: readonly string[];
}

/** Chooses the tools for a prompt. */
export async function showTools({ texts, using }: Work, context: NodeContext): Promise<ShownTools> {
  const { services } = context;
  const tools = describeTools(services);
  const query = { texts, kept: using.flatMap(quotedNames), ...searchIn(context) };
  const part = await services.toolChooser.choose(query);
  if (part === undefined) {
    return { tools, others: undefined };
  }
  const described = new Set(part.described);
  return { tools: tools.filter(({ name }) => described.has(name)), others: part };
}

/** Of the tools the one that a step is to call; all of them if it is to call none. */
export function withTool(shown: ShownTools, tool: string | undefined): ShownTools {
  const tools = shown.tools.filter(({ name }) => name === tool);
  return tools.length === 0 ? shown : { ...shown, tools };
}

/** Carries out a model's searches for tools. Gives what each call found. */
export async function findTools(
  searches: readonly ToolCall[],
  context: NodeContext,
): Promise<ReadonlyMap<ToolCall, string>> {
  const { services } = context;
  const tools = describeTools(services);
  const found = await Promise.all(
    searches.map(async (call) => {
      // Some models have a word of their own for the query.
      const query = Object.values(call.args)
        .filter((value) => typeof value === "string")
        .join(" ");
      const names = await services.toolChooser.find({ texts: [query], ...searchIn(context) });
      return [
        call,
        toFoundTools(
          query,
          tools.filter(({ name }) => names.includes(name)),
        ),
      ] as const;
    }),
  );
  return new Map(found);
}

/** The searches for tools that a model asks for. A model that also hands something in needs none any more. */
export function searchesIn({ tool_calls: calls = [] }: AIMessage): ToolCall[] {
  const isDone = calls.some(({ name }) => name === PLAN_TOOL || name === RESPOND_TOOL);
  return isDone ? [] : calls.filter(({ name }) => name === FIND_TOOL);
}

function searchIn({ services, signal, emit }: NodeContext) {
  return {
    among: services.registry,
    signal,
    onFault: (error: string) => emit({ type: "policy.failed", policy: "toolSearch.embeddings", error }),
  };
}

/** The texts in quotes that may be names of tools. */
function quotedNames(json: string): string[] {
  return [...json.matchAll(/"([\w-]{1,64})\\?"/g)].map(([, name = ""]) => name);
}
