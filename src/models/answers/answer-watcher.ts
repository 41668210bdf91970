// Limits how much of a model's answer is read, and how much of it goes into the state.
//
//   (1) Words are kept up to a limit, and a cut text says that it is cut. Calls over the limit are an error, because
//       half a call is useless.
//   (2) A stream that exceeds the limit is stopped, because nobody should pay for words that are not kept.
//   (3) Reasoning is read but not kept, so a stream of it may be longer.
//   (4) A stream that only repeats itself is stopped (see repetition.ts). Nothing of it is kept, except calls that were
//       written as text before.

import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessage, type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { cutText, headOfText } from "../../base/index.js";
import { ModelError } from "../model-error.js";
import { withWrittenCalls } from "./read-words.js";
import { RepetitionWatch } from "./repetition.js";

/**
 * The most bytes of an answer's words, and of its calls, that are kept. The state takes an output of this size whole.
 */
const MAX_ANSWER_BYTES = 250_000;
/** The most characters that one answer may stream, reasoning included. */
const MAX_STREAMED_CHARACTERS = 8_000_000;

const CUT_KEY = "plan_execute_cut";
const CUT = { [CUT_KEY]: true };

/** Cuts a message's words to what is kept. Throws a `ModelError` if its calls are too large. */
export function boundAnswer(message: AIMessage): AIMessage {
  const { id, text, content, tool_calls, invalid_tool_calls, usage_metadata } = message;
  if (!isWithin([tool_calls, invalid_tool_calls], MAX_ANSWER_BYTES)) {
    throw tooLong("The answer's calls are");
  }
  const blocks = Array.isArray(content) ? content.filter(({ type }) => type !== "text") : [];
  const others = [blocks, message.additional_kwargs, message.response_metadata];
  const kept = cutText(text, MAX_ANSWER_BYTES);
  if (kept === text && isWithin(others, MAX_ANSWER_BYTES)) {
    return message;
  }
  const response_metadata = kept === text ? {} : CUT;
  return new AIMessage({
    id,
    content: kept,
    tool_calls,
    invalid_tool_calls,
    usage_metadata,
    response_metadata,
  });
}

/** Makes the message of an answer in words that was stopped before its end. */
function stoppedAnswer(words: string, id: string | undefined): AIMessage {
  const tail = `… [cut: stopped after ${words.length} characters; ${MAX_ANSWER_BYTES} bytes are kept]`;
  const head = headOfText(words, MAX_ANSWER_BYTES - Buffer.byteLength(tail));
  return new AIMessage({ id, content: head + tail, response_metadata: CUT });
}

/** Makes the message of words that were cut off at the limit on tokens; undefined if there are calls, or no words. */
export function cutAnswer({
  id,
  text,
  tool_calls,
  invalid_tool_calls,
  usage_metadata,
}: AIMessage): AIMessage | undefined {
  if (text.trim() === "" || tool_calls?.length || invalid_tool_calls?.length) {
    return undefined;
  }
  const tail = "… [cut: the limit on output tokens was reached]";
  const content = headOfText(text, MAX_ANSWER_BYTES - Buffer.byteLength(tail)) + tail;
  return new AIMessage({ id, content, usage_metadata, response_metadata: CUT });
}

/** Whether a message lacks some of the words that the model said. */
export function isCutAnswer(message: BaseMessage | undefined): boolean {
  return message !== undefined && Reflect.get(message.response_metadata, CUT_KEY) === true;
}

/** Makes the error for an answer that is too long. */
function tooLong(what: string): ModelError {
  return new ModelError("MODEL_TOO_LONG", `${what} longer than ${MAX_ANSWER_BYTES} bytes.`);
}

/** Measures a value: the characters of its keys and texts, and one for each value. Stops counting beyond `most`. */
function sizeOf(value: unknown, most: number): number {
  let size = 0;
  const open = [value];
  while (open.length > 0 && size <= most) {
    const next = open.pop();
    size += typeof next === "string" ? next.length : 1;
    if (typeof next !== "object" || next === null) {
      continue;
    }
    for (const key of Object.keys(next)) {
      if (!Array.isArray(next)) {
        size += key.length;
      }
      open.push(Reflect.get(next, key));
      if (size + open.length > most) {
        return size + open.length;
      }
    }
  }
  return size;
}

function isWithin(value: unknown, most: number): boolean {
  return sizeOf(value, most) <= most;
}

/** What a provider says about an answer: above all, why it ended. */
export type AnswerInfo = Readonly<Record<string, unknown>>;

type Token = Parameters<Required<BaseCallbackHandler>["handleLLMNewToken"]>;

/**
 * Watches one attempt. It makes the model stream, for two reasons: LangChain prints a warning if the calls of a whole
 * answer are no JSON, and a streamed answer keeps the text of its calls, which shows whether one was cut off. It is a
 * handler because only handlers learn why a stream ended; no message says it.
 */
export class AnswerWatcher extends BaseCallbackHandler {
  readonly name = "PlanExecuteAnswerWatcher";
  readonly lc_prefer_streaming = true;
  // Without this LangChain may call handlers after the answer has arrived.
  override awaitHandlers = true;
  info: AnswerInfo = {};
  /** The number of characters streamed so far. */
  streamed = 0;
  readonly #stop = new AbortController();
  readonly #repetition = new RepetitionWatch();
  #repeats = false;
  #id: string | undefined;
  #words = "";
  #callCharacters = 0;

  /** Aborts when more has been streamed than we read, or when the stream only repeats itself. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  override handleLLMNewToken(...[token, , , , , fields]: Token): void {
    const message: unknown = Reflect.get(fields?.chunk ?? {}, "message");
    const chunk = isBaseMessage(message) ? message : undefined;
    const words = chunk?.text ?? token;
    const args = callsIn(message).map((call) => call.args ?? "");
    const callCharacters = args.join("").length;
    const others = [chunk?.additional_kwargs, typeof chunk?.content === "string" ? "" : chunk?.content];
    this.#id ??= chunk?.id;
    this.#words += words;
    this.#callCharacters += callCharacters;
    this.streamed += words.length + callCharacters + sizeOf(others, MAX_STREAMED_CHARACTERS);
    const reasoning: unknown = chunk?.additional_kwargs.reasoning_content;
    const written = [words, ...args, typeof reasoning === "string" ? reasoning : ""].join("");
    if (this.#repetition.read(written)) {
      this.#repeats = true;
      const what = `The answer only repeated itself, so it was stopped after ${this.streamed} characters.`;
      this.#stop.abort(new ModelError("MODEL_UNREADABLE", what));
      return;
    }
    const kept = Math.max(this.#words.length, this.#callCharacters);
    if (kept <= MAX_ANSWER_BYTES && this.streamed <= MAX_STREAMED_CHARACTERS) {
      return;
    }
    this.#stop.abort(tooLong("The answer is"));
  }

  override handleLLMEnd({ generations }: LLMResult): void {
    this.info = generations[0]?.[0]?.generationInfo ?? {};
  }

  /** Returns what was stopped, if it is of use: a long answer in words, or calls of the offered tools. */
  stopped(offered: readonly string[]): AIMessage | undefined {
    if (this.#callCharacters > 0 || this.#words.trim() === "") {
      return undefined;
    }
    if (!this.#repeats) {
      return stoppedAnswer(this.#words, this.#id);
    }
    const message = new AIMessage({ id: this.#id, content: this.#words });
    const calling = withWrittenCalls(message, offered);
    return calling === message ? undefined : calling;
  }
}

function callsIn(message: unknown): readonly { readonly args?: string }[] {
  const calls: unknown = Reflect.get(Object(message), "tool_call_chunks");
  return Array.isArray(calls) ? calls.filter((call) => typeof call?.args === "string") : [];
}
