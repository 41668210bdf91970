import { type AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { PLAN_TOOL } from "./plan-tool.js";

/** Sends a plan back with everything that is wrong with it; appended, so that what was sent stays as it was. */
export function toRepairMessages(answer: AIMessage, issues: readonly string[]): BaseMessage[] {
  const text = `The plan cannot be used:\n${issues.map((issue) => `- ${issue}`).join("\n")}\nHand in the whole plan again with all of this put right.`;
  const calls = answer.tool_calls ?? [];
  if (calls.length === 0) return [answer, new HumanMessage(text)];
  return [
    answer,
    ...calls.map(
      ({ id, name }) =>
        new ToolMessage({ content: text, tool_call_id: id ?? PLAN_TOOL, name, status: "error" }),
    ),
  ];
}
