import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import type { InvalidToolCall, ToolCall } from "@langchain/core/messages/tool";
import { messageWithoutTags, withoutTags } from "../models/index.js";
import { PLAN_TOOL } from "./plan-tool.js";

/** Sends a plan back with everything that is wrong with it; appended, so that what was sent stays as it was. */
export function toRepairMessages(answer: AIMessage, issues: readonly string[]): BaseMessage[] {
  const text = `The plan cannot be used:\n${withoutTags(issues.map((issue) => `- ${issue}`).join("\n"))}\nHand in the whole plan again with all of this put right.`;
  const broken = answer.invalid_tool_calls ?? [];
  const calls = [...(answer.tool_calls ?? []), ...broken.map(toReadableCall)];
  const sent =
    broken.length === 0 ? answer : new AIMessage({ id: answer.id, content: answer.text, tool_calls: calls });
  if (calls.length === 0) return [messageWithoutTags(sent), new HumanMessage(text)];
  return [
    messageWithoutTags(sent),
    ...calls.map(
      ({ id, name }) =>
        new ToolMessage({ content: text, tool_call_id: id ?? PLAN_TOOL, name, status: "error" }),
    ),
  ];
}

/** A call whose arguments are no JSON, as one that can be sent: a provider wants each call whole and answered. */
function toReadableCall({ id, name }: InvalidToolCall): ToolCall {
  return { id: id ?? PLAN_TOOL, name: name ?? PLAN_TOOL, args: {}, type: "tool_call" };
}
