// Judges a model's answer before anybody acts on it, because LangChain lets four things pass:
//
//   (1) It reads the arguments of a streamed call as far as they go, so a call that was cut off looks whole.
//   (2) It takes a stream that breaks off for a complete answer.
//   (3) It turns a refusal, or a stop by a provider's filter, into an empty answer.
//   (4) It says nothing of an answer that ended because its limit on tokens was reached.
import type { AIMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import { copyJson, parseJson } from "../../base/index.js";
import { ModelError } from "../model-error.js";
import type { AnswerInfo } from "./answer-watcher.js";

/** How OpenAI, Anthropic and Google, in this order, say that they stopped an answer. */
const STOPPED_BY_PROVIDER: Readonly<Record<string, readonly unknown[]>> = {
  finish_reason: ["content_filter"],
  stop_reason: ["refusal"],
  finishReason: ["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST"],
};

/** Fields in which OpenAI says why an answer ended. If the answer was cut off, none of them is set. */
const ENDINGS = ["finish_reason", "status", "incomplete_details"] as const;

/** The fields in which providers say why an answer ended. */
const REASONS = ["finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason"] as const;
/** How providers say that an answer reached its limit on tokens, or the end of what the model can hold. */
const CUT_OFF = /^(length|model_length|max_tokens|max_output_tokens|model_context_window_exceeded)$/i;

/** The error of an answer that reached its limit on tokens. */
export class CutOffError extends ModelError {
  /** What came of the answer. */
  readonly answer: AIMessage;

  constructor(answer: AIMessage, maxOutputTokens: number | undefined) {
    const limit = maxOutputTokens === undefined ? "" : ` (${maxOutputTokens})`;
    super(
      "MODEL_CUT_OFF",
      `The answer was cut off at the limit on output tokens${limit}. Give a chat model with a larger limit of its own, such as maxTokens.`,
    );
    this.answer = answer;
  }
}

/**
 * Throws a `ModelError` if a message is a refusal, is empty or was cut off. Moves calls whose arguments are no JSON,
 * or nested without end, to the message's invalid calls. `maxOutputTokens` is the limit that the answer had, if it is known.
 */
export function judgeAnswer(message: AIMessage, info: AnswerInfo, maxOutputTokens: number | undefined): void {
  const refusal = refusalIn(message);
  if (refusal !== undefined) {
    throw new ModelError("MODEL_REFUSED", refusal);
  }
  const said: AnswerInfo = { ...info, ...message.response_metadata };
  if (Object.entries(STOPPED_BY_PROVIDER).some(([key, reasons]) => reasons.includes(said[key]))) {
    throw new ModelError("MODEL_REFUSED", "The provider's content filter stopped the answer.");
  }
  if (said.model_provider === "openai" && ENDINGS.every((key) => (said[key] ?? null) === null)) {
    throw new ModelError("MODEL_UNREADABLE", "The answer was cut off before its end.");
  }
  if (isCutOff(said)) {
    throw new CutOffError(message, maxOutputTokens);
  }
  setBrokenCallsApart(message);
  const hasCalls = (message.tool_calls?.length ?? 0) + (message.invalid_tool_calls?.length ?? 0) > 0;
  if (!hasCalls && message.text.trim() === "") {
    throw emptyAnswer();
  }
}

function isCutOff(said: AnswerInfo): boolean {
  const incomplete: unknown = Reflect.get(Object(said.incomplete_details), "reason");
  return [...REASONS.map((key) => said[key]), incomplete].some((reason) => CUT_OFF.test(String(reason)));
}

/** Makes the error for an answer with nothing in it. */
export function emptyAnswer(cause?: unknown): ModelError {
  return new ModelError("MODEL_EMPTY", "The model answered with nothing.", { cause });
}

/** Says why a call in a message cannot be read; undefined if all can. */
export function brokenCallIn({ invalid_tool_calls: broken = [] }: AIMessage): string | undefined {
  const [call] = broken;
  if (call === undefined) {
    return undefined;
  }
  return `its call of ${call.name ?? "a tool"} cannot be read: ${call.error ?? "no reason given"}`;
}

/** Finds a refusal in words: beside the message's content, or as a block of it. */
function refusalIn({ additional_kwargs, content }: AIMessage): string | undefined {
  const blocks = Array.isArray(content) ? content.filter(({ type }) => type === "refusal") : [];
  return [additional_kwargs.refusal, ...blocks.map((block) => Reflect.get(block, "refusal"))].find(
    (text): text is string => typeof text === "string" && text !== "",
  );
}

function setBrokenCallsApart(message: AIMessage): void {
  const streamed = streamedCalls(message);
  const { tool_calls: calls = [], invalid_tool_calls: invalid = [] } = message;
  const broken = calls.flatMap((call) => {
    const args = streamed.find(({ id }) => id === call.id)?.args;
    const error = whyUnreadable(call, args);
    return error === undefined ? [] : [{ call, args, error }];
  });
  if (broken.length === 0) {
    return;
  }
  message.tool_calls = calls.filter((call) => broken.every((one) => one.call !== call));
  message.invalid_tool_calls = [
    ...invalid,
    ...broken.map(({ call: { id, name }, args, error }) => ({
      id,
      name,
      args,
      error,
      type: "invalid_tool_call" as const,
    })),
  ];
}

function whyUnreadable(call: ToolCall, streamed: string | undefined): string | undefined {
  if (!isJson(streamed)) {
    return "Its arguments are no JSON: they may be cut off.";
  }
  const copy = copyJson(call.args);
  return copy.ok ? undefined : `Its arguments cannot be read: ${copy.reason}.`;
}

interface StreamedCall {
  readonly id?: string;
  readonly args?: string;
}

/** Lists the calls of a streamed message, with their arguments as they came. A message that came whole has none. */
function streamedCalls(message: AIMessage): readonly StreamedCall[] {
  const chunks: unknown = Reflect.get(message, "tool_call_chunks");
  return Array.isArray(chunks) ? chunks : [];
}

/** Whether arguments are JSON. Empty text passes, because some models call a tool without arguments that way. */
function isJson(text: string | undefined): boolean {
  return text === undefined || text.trim() === "" || parseJson(text) !== undefined;
}
