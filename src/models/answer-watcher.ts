// How much of a model's answer is read, and how much of it goes on into the state.
//
//   (1) Words are kept up to a limit; what is cut says so. Half a call is no call: one that is larger is an error.
//   (2) A stream that goes over the limit is left there: nobody pays for words that nobody keeps.
//   (3) Reasoning is read and not kept: a stream of it may be longer.

import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessage, type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { cutText, headOfText } from "../base/index.js";
import { ModelError } from "./model-error.js";

/** Bytes of an answer's words, and of its calls, that are kept: as an output the state takes them whole. */
const MAX_ANSWER_BYTES = 250_000;
/** Characters that one answer may stream, reasoning and all. */
const MAX_STREAMED_CHARACTERS = 8_000_000;

const CUT_KEY = "plan_execute_cut";
const CUT = { [CUT_KEY]: true };

/** The message, its words cut to what is kept. Throws a `ModelError` where its calls are larger. */
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

/** The message of an answer in words that was left before its end. */
function stoppedAnswer(words: string, id: string | undefined): AIMessage {
  const tail = `… [cut: stopped after ${words.length} characters; ${MAX_ANSWER_BYTES} bytes are kept]`;
  const head = headOfText(words, MAX_ANSWER_BYTES - Buffer.byteLength(tail));
  return new AIMessage({ id, content: head + tail, response_metadata: CUT });
}

/** Whether words are missing of what the model said. */
export function isCutAnswer(message: BaseMessage | undefined): boolean {
  return message !== undefined && Reflect.get(message.response_metadata, CUT_KEY) === true;
}

/** The error of an answer that is more than is read. */
function tooLong(what: string): ModelError {
  return new ModelError("MODEL_TOO_LONG", `${what} longer than ${MAX_ANSWER_BYTES} bytes.`);
}

/** How many characters the keys and texts of a value have, and one for each value; it stops looking beyond `most`. */
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

/** What a provider says of an answer beside the answer: why it ended, above all. */
export type AnswerInfo = Readonly<Record<string, unknown>>;

type Token = Parameters<Required<BaseCallbackHandler>["handleLLMNewToken"]>;

/**
 * Watches one attempt. It makes the model stream: a whole answer whose calls are no JSON makes LangChain print a
 * warning, and a streamed one keeps the calls' own text, by which a cut one is known. What a stream says of why it
 * ended is in no message; only handlers get it.
 */
export class AnswerWatcher extends BaseCallbackHandler {
  readonly name = "PlanExecuteAnswerWatcher";
  readonly lc_prefer_streaming = true;
  // Otherwise LangChain may call handlers after the answer has come.
  override awaitHandlers = true;
  info: AnswerInfo = {};
  /** Characters that were streamed so far. */
  streamed = 0;
  readonly #tooLong = new AbortController();
  #id: string | undefined;
  #words = "";
  #callCharacters = 0;

  /** Aborts when more has been streamed than is read. */
  get tooLong(): AbortSignal {
    return this.#tooLong.signal;
  }

  override handleLLMNewToken(...[token, , , , , fields]: Token): void {
    const message: unknown = Reflect.get(fields?.chunk ?? {}, "message");
    const chunk = isBaseMessage(message) ? message : undefined;
    const words = chunk?.text ?? token;
    const callCharacters = callsIn(message).reduce((sum, { args }) => sum + (args?.length ?? 0), 0);
    const others = [chunk?.additional_kwargs, typeof chunk?.content === "string" ? "" : chunk?.content];
    this.#id ??= chunk?.id;
    this.#words += words;
    this.#callCharacters += callCharacters;
    this.streamed += words.length + callCharacters + sizeOf(others, MAX_STREAMED_CHARACTERS);
    const kept = Math.max(this.#words.length, this.#callCharacters);
    if (kept <= MAX_ANSWER_BYTES && this.streamed <= MAX_STREAMED_CHARACTERS) {
      return;
    }
    this.#tooLong.abort(tooLong("The answer is"));
  }

  override handleLLMEnd({ generations }: LLMResult): void {
    this.info = generations[0]?.[0]?.generationInfo ?? {};
  }

  /** The answer that was left before its end, if it is one of words: half a call is no call. */
  stopped(): AIMessage | undefined {
    if (this.#callCharacters > 0 || this.#words.trim() === "") {
      return undefined;
    }
    return stoppedAnswer(this.#words, this.#id);
  }
}

function callsIn(message: unknown): readonly { readonly args?: string }[] {
  const calls: unknown = Reflect.get(Object(message), "tool_call_chunks");
  return Array.isArray(calls) ? calls.filter((call) => typeof call?.args === "string") : [];
}
