import { AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import type { ToolCall, ToolMessage } from "@langchain/core/messages/tool";
import type { Command } from "@langchain/langgraph";
import { hashArgs } from "../../../base/index.js";
import type { Gate } from "../gate.js";
import type { PartEnvironment } from "../part.js";

/** What stops the loop of an agent step before its model is done. */
export type AgentStop =
  | { readonly stop: "waiting"; readonly gates: ReadonlyMap<string, Gate> }
  | { readonly stop: "blocked"; readonly reason: string }
  | { readonly stop: "rounds" };

/** How a call is answered: by a message, or by a command of a middleware's own tool. */
export type ToolAnswer = ToolMessage | Command;

/** What the loop of one agent step keeps, beside its messages. No middleware gets hold of it. */
export interface AgentLoop {
  /** Calls that were settled before the loop began, by the call's id: each is made once, as it was settled. */
  readonly settled: Map<string, SettledCall>;
  /** Calls that wait for a person as a middleware changed them, by the id of the model's call. */
  readonly held: Map<string, Gate>;
  /** Answers under way, and those of calls that a person let pass: a person's word holds for one call. */
  readonly made: Map<string, Promise<ToolAnswer>>;
  /** The ids of calls for which a tool was called. */
  readonly begun: Set<string>;
  /** How often the model has called tools. */
  rounds: number;
  /** Set where the loop is stopped before its model is done. */
  stopped?: AgentStop;
  /** What ends the step, whatever a middleware makes of it: a limit, say. */
  fatal?: { readonly error: unknown };
  /** Set when the step has ended: what a middleware left behind calls nothing any more. */
  isOver: boolean;
}

/** A call as it is to be made, and what was decided about it. */
export interface SettledCall {
  readonly call: ToolCall;
  readonly gate: Gate;
}

/** Throws where the step has ended, or must. */
export function assertNotOver({ isOver, fatal }: AgentLoop): void {
  if (fatal !== undefined) {
    throw fatal.error;
  }
  if (isOver) {
    throw new Error("The step has ended: nothing is called any more.");
  }
}

/** Throws where the step could not be stored: it makes no further call, since all of it will be done again. */
export async function assertStored({ context, signal }: PartEnvironment, loop: AgentLoop): Promise<void> {
  try {
    await context.storage?.assertStored(signal);
  } catch (error) {
    loop.fatal ??= { error };
    throw error;
  }
}

/** A loop that has not begun. */
export function createAgentLoop(settled: readonly SettledCall[], rounds: number): AgentLoop {
  return {
    settled: new Map(settled.map((one) => [callIdOf(one.call), one])),
    held: new Map(),
    made: new Map(),
    begun: new Set(),
    rounds,
    isOver: false,
  };
}

/** What a call is known by. */
export function callIdOf({ id, name }: ToolCall): string {
  return id ?? name;
}

/** The calls of the last AI message. */
export function lastCalls(messages: readonly BaseMessage[]): readonly ToolCall[] {
  const message = messages.findLast((one) => isAIMessage(one));
  return message?.tool_calls ?? [];
}

/**
 * The transcript of a loop that was stopped for calls that a middleware had changed: they are open again, as the model
 * made them or a person edited them before, so that the middleware meets them as it did.
 */
export function withHeldCallsOpen(
  messages: readonly BaseMessage[],
  held: ReadonlySet<string>,
  before: readonly BaseMessage[],
): BaseMessage[] {
  const told = new Map(lastCalls(before).map((call) => [callIdOf(call), call]));
  const last = messages.findLastIndex((message) => isAIMessage(message));
  return messages
    .filter((one, at) => at <= last || !("tool_call_id" in one) || !held.has(String(one.tool_call_id)))
    .map((message, at) => {
      if (at !== last || !isAIMessage(message)) {
        return message;
      }
      return withCalls(message, (call) => told.get(callIdOf(call)) ?? call);
    });
}

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
  return withCalls(message, toOwn);
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
    return withCalls(message, (call) => callAsMade(call, gates));
  });
}

function withCalls(message: AIMessage, change: (call: ToolCall) => ToolCall): AIMessage {
  return new AIMessage({
    id: message.id,
    content: message.text,
    usage_metadata: message.usage_metadata,
    tool_calls: (message.tool_calls ?? []).map(change),
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
