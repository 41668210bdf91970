import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { type AIMessage, isBaseMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { MAX_ANSWER_BYTES, MAX_STREAMED_CHARACTERS, sizeOf, stoppedAnswer, tooLong } from "./answer-limit.js";

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
    if (kept <= MAX_ANSWER_BYTES && this.streamed <= MAX_STREAMED_CHARACTERS) return;
    this.#tooLong.abort(tooLong("The answer is"));
  }

  override handleLLMEnd({ generations }: LLMResult): void {
    this.info = generations[0]?.[0]?.generationInfo ?? {};
  }

  /** The answer that was left before its end, if it is one of words: half a call is no call. */
  stopped(): AIMessage | undefined {
    if (this.#callCharacters > 0 || this.#words.trim() === "") return undefined;
    return stoppedAnswer(this.#words, this.#id);
  }
}

function callsIn(message: unknown): readonly { readonly args?: string }[] {
  const calls: unknown = Reflect.get(Object(message), "tool_call_chunks");
  return Array.isArray(calls) ? calls.filter((call) => typeof call?.args === "string") : [];
}
