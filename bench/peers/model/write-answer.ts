import { toTokens } from "./count-tokens.js";
import type { ModelReply } from "./reply.js";
import type { ModelRequest } from "./request.js";

/** A token of an answer, as the change that a stream makes of it. */
export interface AnswerToken {
  readonly delta: object;
}

/** An answer token by token. A call is its name and its arguments, and its frame costs nothing. */
export function toAnswerTokens({ text = "", calls = [] }: ModelReply): AnswerToken[] {
  const words = toTokens(text).map((content) => ({ delta: { content } }));
  const written = calls.flatMap(({ name, argsText }, index) => {
    const [, ...restOfName] = toTokens(name);
    const head = { index, id: toCallId(), type: "function", function: { name, arguments: "" } };
    // A name arrives whole, but its other tokens still take their time.
    return [
      { delta: { tool_calls: [head] } },
      ...restOfName.map(() => ({ delta: {} })),
      ...toTokens(argsText).map((piece) => ({
        delta: { tool_calls: [{ index, function: { arguments: piece } }] },
      })),
    ];
  });
  return [...words, ...written];
}

/** The number of answer tokens after which each step of the plan is complete. */
export function markTokens({ text, calls, marks = [] }: ModelReply): { itemId: string; tokens: number }[] {
  const [call] = calls ?? [];
  const before = call === undefined ? 0 : toTokens(call.name).length;
  const pieces = toTokens(call?.argsText ?? text ?? "");
  return marks.map(({ itemId, end }) => {
    let length = 0;
    const index = pieces.findIndex((piece) => {
      length += piece.length;
      return length >= end;
    });
    return { itemId, tokens: before + (index < 0 ? pieces.length : index + 1) };
  });
}

/** One piece of a stream. */
export function toChunk(
  { model }: ModelRequest,
  id: string,
  delta: object,
  finish: string | null = null,
): object {
  return {
    ...frame(model, id, "chat.completion.chunk"),
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

/** The last piece of a stream. */
export function toUsageChunk(
  { model }: ModelRequest,
  id: string,
  inputTokens: number,
  outputTokens: number,
): object {
  return {
    ...frame(model, id, "chat.completion.chunk"),
    choices: [],
    usage: toUsage(inputTokens, outputTokens),
  };
}

/** The whole answer. */
export function toCompletion(
  { model }: ModelRequest,
  id: string,
  reply: ModelReply,
  inputTokens: number,
  outputTokens: number,
): object {
  const { text = "", calls = [] } = reply;
  const called = calls.map(({ name, argsText }) => ({
    id: toCallId(),
    type: "function",
    function: { name, arguments: argsText },
  }));
  const message = {
    role: "assistant",
    content: text,
    ...(called.length === 0 ? {} : { tool_calls: called }),
  };
  return {
    ...frame(model, id, "chat.completion"),
    choices: [{ index: 0, message, finish_reason: finishOf(reply) }],
    usage: toUsage(inputTokens, outputTokens),
  };
}

/** No two calls of a conversation may have the same id. */
function toCallId(): string {
  return `call_${globalThis.crypto.randomUUID()}`;
}

/** Why the model stopped. */
export function finishOf({ calls = [] }: ModelReply): string {
  return calls.length === 0 ? "stop" : "tool_calls";
}

/** A unique id for an answer, because messages with the same id replace each other. */
export function toAnswerId(): string {
  return `chatcmpl-${globalThis.crypto.randomUUID()}`;
}

function frame(model: string, id: string, object: string) {
  return { id, object, created: 1_700_000_000, model };
}

function toUsage(input: number, output: number) {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}
