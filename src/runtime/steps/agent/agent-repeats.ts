// An agent's loop ends when it does not get on. Small models make one call over and over and then say nothing.
//
//   (1) A call that changes something and succeeded is not made again. Its model is told the first result.
//   (2) A call that only reads, or that failed, may give something else now, so it is made again. If it gives the same,
//       its model is told so, and from then on it is not made.
//   (3) Whatever was made before a new call that changed something may be made afresh: tests run again after an edit.
//   (4) A round of repeats alone is no progress. After two of them the model must answer without tools.
//
// All of it is read from the messages, so it holds across a stop for a person.
import { type BaseMessage, isAIMessage } from "@langchain/core/messages";
import { type ToolCall, ToolMessage } from "@langchain/core/messages/tool";
import { hashArgs } from "../../../base/index.js";
import { REPEAT_RULE } from "../../../prompts/index.js";
import type { ToolRegistry } from "../../../tools/index.js";
import { callIdOf, openCalls, type Repeat, type Repeats } from "./agent-progress.js";

/** How many rounds without progress an agent may have. */
const MAX_STALE_ROUNDS = 2;
const REPEAT_KEY = "plan_execute_repeat";

interface MadeCall {
  readonly key: string;
  readonly answer: ToolMessage;
  /** Whether it changed something, for the first time in this form. */
  readonly isNewChange: boolean;
}

/** Finds the calls of the last AI message that repeat earlier ones, by call id. */
export function findRepeats(messages: readonly BaseMessage[], registry: ToolRegistry): Repeats {
  const last = messages.findLastIndex((message) => isAIMessage(message));
  const message = messages[last];
  const calls = message !== undefined && isAIMessage(message) ? (message.tool_calls ?? []) : [];
  const made = madeCalls(messages.slice(0, Math.max(last, 0)), registry);
  return new Map(
    calls.flatMap((call): [string, Repeat][] => {
      const repeat = mayRepeat(call.name, registry) ? undefined : toRepeat(call, made, registry);
      return repeat === undefined ? [] : [[callIdOf(call), repeat]];
    }),
  );
}

/** Whether a tool is meant to be called again, such as a die or a wait. What a middleware's tools do is its own business. */
function mayRepeat(name: string, registry: ToolRegistry): boolean {
  const tool = registry.get(name);
  return tool === undefined || ("metadata" in tool && tool.metadata?.repeatable === true);
}

function toRepeat(call: ToolCall, made: readonly MadeCall[], registry: ToolRegistry): Repeat | undefined {
  const key = keyOf(call);
  const since = made.slice(made.findLastIndex((other) => other.isNewChange && other.key !== key) + 1);
  const same = since.filter((other) => other.key === key).map(({ answer }) => answer);
  const before = same.findLast((answer) => !isRepeated(answer)) ?? same[0];
  if (before === undefined) {
    return undefined;
  }
  const mayDiffer = before.status === "error" || registry.isReadOnly(call.name);
  return { before, isMadeAgain: mayDiffer && !same.some(isRepeated) };
}

function madeCalls(messages: readonly BaseMessage[], registry: ToolRegistry): MadeCall[] {
  const calls = new Map<string, ToolCall>();
  const changes = new Set<string>();
  const made: MadeCall[] = [];
  for (const message of messages) {
    if (isAIMessage(message)) {
      for (const call of message.tool_calls ?? []) {
        calls.set(callIdOf(call), call);
      }
    }
    const call = ToolMessage.isInstance(message) ? calls.get(message.tool_call_id) : undefined;
    if (call === undefined || !ToolMessage.isInstance(message)) {
      continue;
    }
    const key = keyOf(call);
    const isChange = message.status !== "error" && !isRepeated(message) && !registry.isReadOnly(call.name);
    made.push({ key, answer: message, isNewChange: isChange && !changes.has(key) });
    if (isChange) {
      changes.add(key);
    }
  }
  return made;
}

function keyOf({ name, args }: ToolCall): string {
  return `${name} ${hashArgs(args)}`;
}

function isRepeated(message: BaseMessage): boolean {
  return message.additional_kwargs[REPEAT_KEY] === true;
}

/** Whether a call that was made again gave what it gave before. */
export function isSameAnswer(answer: ToolMessage, { before }: Repeat): boolean {
  return answer.text === before.text && answer.status === before.status;
}

/** The answer to a call that gives nothing new. */
export function toRepeatedAnswer(call: ToolCall, { before }: Repeat): ToolMessage {
  return new ToolMessage({
    content: isRepeated(before) ? before.text : `${before.text}\n\n${REPEAT_RULE}`,
    tool_call_id: callIdOf(call),
    name: call.name,
    status: before.status,
    additional_kwargs: { [REPEAT_KEY]: true },
  });
}

/** The answers to the open calls that are not made again. */
export function repeatedAnswers(messages: readonly BaseMessage[], repeats: Repeats): ToolMessage[] {
  return openCalls(messages).flatMap((call) => {
    const repeat = repeats.get(callIdOf(call));
    return repeat === undefined || repeat.isMadeAgain ? [] : [toRepeatedAnswer(call, repeat)];
  });
}

/** Whether the model has repeated itself so often that it must answer without tools. */
export function mustAnswer(messages: readonly BaseMessage[]): boolean {
  return staleRounds(messages) >= MAX_STALE_ROUNDS;
}

/** How many rounds at the end were repeats alone. */
export function staleRounds(messages: readonly BaseMessage[]): number {
  let stale = 0;
  for (const message of messages) {
    if (isAIMessage(message) && (message.tool_calls?.length ?? 0) > 0) {
      stale += 1;
    } else if (ToolMessage.isInstance(message) && !isRepeated(message)) {
      stale = 0;
    }
  }
  return stale;
}
