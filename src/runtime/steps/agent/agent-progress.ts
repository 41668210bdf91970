import { AIMessage, type BaseMessage, isAIMessage } from "@langchain/core/messages";
import type { ToolCall, ToolMessage } from "@langchain/core/messages/tool";
import type { Command } from "@langchain/langgraph";
import { hashArgs } from "../../../base/index.js";
import type { Gate } from "../gate.js";
import type { PartEnvironment } from "../part.js";

/** Why the loop of an agent step stops before its model is done. */
export type AgentStop =
  | { readonly stop: "waiting"; readonly gates: ReadonlyMap<string, Gate> }
  | { readonly stop: "blocked"; readonly reason: string }
  | { readonly stop: "rounds" }
  | { readonly stop: "repeats"; readonly name: string };

/** The answer to a call: a message, or a command from a middleware's own tool. */
export type ToolAnswer = ToolMessage | Command;

/** An open call that repeats one that was made before. */
export interface Repeat {
  readonly before: ToolMessage;
  /** Whether it is made, since it may give something else now. */
  readonly isMadeAgain: boolean;
}

/** The open calls that repeat earlier ones, by call id. */
export type Repeats = ReadonlyMap<string, Repeat>;

/** What the loop of one agent step keeps besides its messages. Middleware cannot reach it. */
export interface AgentLoop {
  /** Calls that were settled before the loop began, by call id. Each is made once, as it was settled. */
  readonly settled: Map<string, SettledCall>;
  /** Calls that wait for a person in the form a middleware gave them, by the id of the model's call. */
  readonly held: Map<string, Gate>;
  /** Answers in progress, and answers of approved calls, because an approval holds for one call only. */
  readonly made: Map<string, Promise<ToolAnswer>>;
  /** The repeats among the calls that are open. */
  repeats: Repeats;
  /** The ids of calls that have reached a tool. */
  readonly begun: Set<string>;
  /** How many times the model has called tools. */
  rounds: number;
  /** Set if the loop is stopped before its model is done. */
  stopped?: AgentStop;
  /** What ends the step no matter what a middleware does with it, such as a limit. */
  fatal?: { readonly error: unknown };
  /** Set when the step has ended, so that work a middleware left behind calls nothing more. */
  isOver: boolean;
}

/** A call in its final form, and the decision about it. */
export interface SettledCall {
  readonly call: ToolCall;
  readonly gate: Gate;
}

/** Throws if the step has ended, or must end. */
export function assertNotOver({ isOver, fatal }: AgentLoop): void {
  if (fatal !== undefined) {
    throw fatal.error;
  }
  if (isOver) {
    throw new Error("The step has ended: nothing is called any more.");
  }
}

/** Throws if the step cannot be stored. It makes no further call, because all of it will run again. */
export async function assertStored({ context, signal }: PartEnvironment, loop: AgentLoop): Promise<void> {
  try {
    await context.storage?.assertStored(signal);
  } catch (error) {
    loop.fatal ??= { error };
    throw error;
  }
}

/** Creates a loop that has not begun. */
export function createAgentLoop(settled: readonly SettledCall[], rounds: number): AgentLoop {
  return {
    settled: new Map(settled.map((one) => [callIdOf(one.call), one])),
    held: new Map(),
    made: new Map(),
    repeats: new Map(),
    begun: new Set(),
    rounds,
    isOver: false,
  };
}

/** The id of a call, or its name if it has none. */
export function callIdOf({ id, name }: ToolCall): string {
  return id ?? name;
}

/** The calls of the last AI message. */
export function lastCalls(messages: readonly BaseMessage[]): readonly ToolCall[] {
  const message = messages.findLast((one) => isAIMessage(one));
  return message?.tool_calls ?? [];
}

/**
 * The transcript of a loop that stopped because a middleware had changed calls that must wait. The calls are open
 * again, in the form that the model made or a person edited, so that the middleware meets them as before.
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

/** How many times the model has called tools. */
export function toolRounds(messages: readonly BaseMessage[]): number {
  return messages.filter((message) => isAIMessage(message) && (message.tool_calls?.length ?? 0) > 0).length;
}

/**
 * Gives each call of the model's message an id of its own. Some models give no ids, or the same id to all calls. A
 * decision on one call would then hold for the next, and LangChain would take the next call for answered.
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
 * The transcript with each call as it is actually made. What a person edited or the tool's schema read replaces the
 * model's own call, because otherwise the model would see its original and "correct" the difference. A call that waits
 * is also identified by this form.
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
