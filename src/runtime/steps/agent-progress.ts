import { AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { hashArgs } from "../../base/index.js";
import type { Gate } from "./gate.js";

/** What stops the loop of an agent step before its model is done. */
export type AgentStop =
  | { readonly stop: "waiting"; readonly gates: ReadonlyMap<string, Gate> }
  | { readonly stop: "blocked"; readonly reason: string }
  | { readonly stop: "rounds" };

/** The calls of the last AI message that have no answer yet. */
export function openCalls(messages: readonly BaseMessage[]): ToolCall[] {
  const last = messages.findLastIndex((message) => isAIMessage(message));
  const message = messages[last];
  if (message === undefined || !isAIMessage(message)) {
    return [];
  }
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
 * The model's message with an id of its own for each call. Some models give none, or all calls the same: then a
 * decision on one call would hold for the next, and LangChain takes the next for answered.
 */
export function withOwnCallIds(message: AIMessage, before: readonly BaseMessage[]): AIMessage {
  const calls = message.tool_calls ?? [];
  const taken = before.flatMap((earlier) => (isAIMessage(earlier) ? (earlier.tool_calls ?? []) : []));
  const ids = new Set([...taken, ...calls].map(({ id }) => id ?? ""));
  if (ids.size === taken.length + calls.length && !ids.has("")) {
    return message;
  }
  let free = ids.size;
  const toOwn = (call: ToolCall): ToolCall => {
    while (ids.has(`call_${free}`)) {
      free += 1;
    }
    const id = `call_${free}`;
    ids.add(id);
    return { ...call, id };
  };
  return new AIMessage({
    id: message.id,
    content: message.text,
    usage_metadata: message.usage_metadata,
    tool_calls: calls.map(toOwn),
  });
}

/**
 * The transcript with each call as it is made: what a person edited, or the tool's schema reads, stands in place of the
 * model's own call, or the model would see its original and "correct" it. What waits is known by it, too.
 */
export function withCallsAsMade(
  messages: readonly BaseMessage[],
  gates: ReadonlyMap<string, Gate>,
): BaseMessage[] {
  const last = messages.findLastIndex((message) => isAIMessage(message));
  return messages.map((message, index) => {
    if (
      index !== last ||
      !isAIMessage(message) ||
      !message.tool_calls?.some((call) => isChanged(call, gates))
    ) {
      return message;
    }
    return new AIMessage({
      id: message.id,
      content: message.text,
      usage_metadata: message.usage_metadata,
      tool_calls: message.tool_calls.map((call) => callAsMade(call, gates)),
    });
  });
}

function isChanged(call: ToolCall, gates: ReadonlyMap<string, Gate>): boolean {
  const { name, args } = callAsMade(call, gates);
  return name !== call.name || hashArgs(args) !== hashArgs(call.args);
}

function callAsMade(call: ToolCall, gates: ReadonlyMap<string, Gate>): ToolCall {
  const gate = gates.get(call.id ?? "");
  if (gate?.gate === "open") {
    return { ...call, name: gate.tool, args: gate.args };
  }
  return gate?.gate === "wait" ? { ...call, args: gate.action.args } : call;
}
