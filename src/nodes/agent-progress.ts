import { AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import type { WaitingAction } from "../state/index.js";
import type { Gate } from "./gate.js";

/** What stops the loop of an agent step before its model is done. */
export type AgentStop =
  | { readonly stop: "waiting"; readonly actions: readonly WaitingAction[] }
  | { readonly stop: "blocked"; readonly reason: string }
  | { readonly stop: "rounds" };

/** The calls of the last AI message that have no answer yet. */
export function openCalls(messages: readonly BaseMessage[]): ToolCall[] {
  const last = messages.findLastIndex((message) => isAIMessage(message));
  const message = messages[last];
  if (message === undefined || !isAIMessage(message)) return [];
  const answered = new Set(
    messages.slice(last + 1).map((later) => ("tool_call_id" in later ? later.tool_call_id : undefined)),
  );
  return (message.tool_calls ?? []).filter(({ id }) => !answered.has(id));
}

/** How often the model has called tools. */
export function toolRounds(messages: readonly BaseMessage[]): number {
  return messages.filter((message) => isAIMessage(message) && (message.tool_calls?.length ?? 0) > 0).length;
}

/**
 * The transcript with each call as it was decided: what a person edited stands in place of the model's own
 * call, or the model would see its original and "correct" it.
 */
export function withEditedCalls(
  messages: readonly BaseMessage[],
  gates: ReadonlyMap<string, Gate>,
): BaseMessage[] {
  return messages.map((message) => {
    if (!isAIMessage(message) || !message.tool_calls?.some((call) => isEdited(call, gates))) return message;
    return new AIMessage({
      id: message.id,
      content: message.text,
      usage_metadata: message.usage_metadata,
      tool_calls: message.tool_calls.map((call) => editedCall(call, gates)),
    });
  });
}

function isEdited(call: ToolCall, gates: ReadonlyMap<string, Gate>): boolean {
  const gate = gates.get(call.id ?? "");
  return gate?.gate === "open" && (gate.tool !== call.name || gate.args !== call.args);
}

function editedCall(call: ToolCall, gates: ReadonlyMap<string, Gate>): ToolCall {
  const gate = gates.get(call.id ?? "");
  return gate?.gate === "open" ? { ...call, name: gate.tool, args: gate.args } : call;
}
