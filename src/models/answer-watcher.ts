import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { LLMResult } from "@langchain/core/outputs";

/** What a provider says of an answer beside the answer: why it ended, above all. */
export type AnswerInfo = Readonly<Record<string, unknown>>;

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

  override handleLLMEnd({ generations }: LLMResult): void {
    this.info = generations[0]?.[0]?.generationInfo ?? {};
  }
}
