import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { messageWithoutTags, withoutTags } from "../models/index.js";
import { toCatalogue } from "./catalogue.js";
import type { CatalogueEntry } from "./catalogue-entry.js";

/** The tool with which planner and replanner look for tools that their prompt does not describe. */
export const FIND_TOOL = "find_tools";

/** The find tool's definition. */
export const FIND_DEFINITION = {
  name: FIND_TOOL,
  description:
    "Describes further tools for the plan. For several kinds of work, call it several times at once.",
  schema: {
    type: "object",
    properties: {
      query: { type: "string", description: "What a tool does, in a few words, or the names of tools." },
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

/** Writes the messages that answer searches. Providers want every call to be answered, also one of something else. */
export function toFoundMessages(answer: AIMessage, found: ReadonlyMap<ToolCall, string>): BaseMessage[] {
  const { id, tool_calls: calls = [], invalid_tool_calls: broken = [] } = answer;
  const sent = broken.length === 0 ? answer : new AIMessage({ id, content: answer.text, tool_calls: calls });
  const answers = calls.map((call) => {
    const content =
      found.get(call) ?? withoutTags(`"${call.name}" cannot be called here: make it a step of the plan.`);
    return new ToolMessage({ content, tool_call_id: call.id ?? FIND_TOOL, name: call.name });
  });
  return [messageWithoutTags(sent), ...answers];
}

/** What is wrong if a model only goes on searching. */
export const NO_MORE_SEARCHES =
  "There is no plan yet, and no more searching: plan with the tools that you know.";
