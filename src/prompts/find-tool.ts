import { type AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import { messageWithoutTags, withoutTags } from "../models/index.js";
import { type CatalogueEntry, toCatalogue } from "./catalogue.js";

/** The tool with which planner and replanner look for tools that their prompt does not describe. */
export const FIND_TOOL = "find_tools";

/** The find tool's definition. */
export const FIND_DEFINITION = {
  name: FIND_TOOL,
  description:
    "Describes further tools for the plan. Call it several times at once for several kinds of work.",
  schema: {
    type: "object",
    properties: {
      query: { type: "string", description: "What the tools do, in a few words, or the name of one." },
    },
    required: ["query"],
  },
} as const;

/** Tells a model which tools a search found. */
export function toFoundTools(query: string, tools: readonly CatalogueEntry[]): string {
  return tools.length === 0
    ? withoutTags(`No tool has to do with ${JSON.stringify(query)}.`)
    : toCatalogue(tools);
}

/** Writes the messages that answer searches. Providers want each call to be answered, others too. */
export function toFoundMessages(answer: AIMessage, found: ReadonlyMap<string, string>): BaseMessage[] {
  const { tool_calls: calls = [] } = answer;
  const answers = calls.map(({ id = FIND_TOOL, name }) => {
    const content = found.get(id) ?? `"${name}" cannot be called here: make it a step of the plan.`;
    return new ToolMessage({ content, tool_call_id: id, name });
  });
  return [messageWithoutTags(answer), ...answers];
}

/** What is wrong if a model only goes on searching. */
export const NO_MORE_SEARCHES =
  "There is no plan yet, and no more searching: plan with the tools that you know.";
