// The text of an answer is streamed to the person as it arrives, but nobody should see the marks in it, or a text that
// says that something is missing. So a piece that may still turn out to be one of these waits for the next one.
import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { type Callbacks, withHandlers, withMessageStream } from "../../langgraph/index.js";
import { MarkFilter, type Marks, readMissing, readReached } from "../../models/index.js";
import { type NodeContext, rawAnswerIn } from "../run/index.js";
import { AnswersOnly, AnswerTokens, messageOf, WordsOnly } from "./words-only.js";

type Handler = Required<BaseCallbackHandler>;
type Token = Parameters<Handler["handleLLMNewToken"]>;
type Output = Parameters<Handler["handleLLMEnd"]>[0];
type Generation = Output["generations"][number][number];

/**
 * Makes the callbacks of a call that may give the answer. What is for the person, and nothing else, reaches the stream of
 * messages and the events: no call, no plan, and, if the prompt has marks, none of them.
 */
export function answerCallbacks(
  { config, services, emit }: Pick<NodeContext, "config" | "services" | "emit">,
  marks: Marks | undefined,
  handler: BaseCallbackHandler,
): Callbacks {
  const isRaw = (text: string) => rawAnswerIn(text, services.registry) !== undefined;
  const pass = (stream: BaseCallbackHandler) => {
    const answers = new AnswersOnly(stream, isRaw);
    return marks === undefined ? answers : new AnswerOnly(answers, marks);
  };
  return withHandlers(withMessageStream(config.callbacks, pass), [handler, pass(new AnswerTokens(emit))]);
}

class AnswerOnly extends WordsOnly {
  override readonly name: string = "PlanExecuteAnswerOnly";
  readonly #marks: Marks;
  readonly #filter: MarkFilter;
  #last: Token | undefined;

  constructor(stream: BaseCallbackHandler, marks: Marks) {
    super(stream);
    this.#marks = marks;
    this.#filter = new MarkFilter(marks);
  }

  override handleLLMNewToken(...token: Token): unknown {
    this.#last = token;
    const text = messageOf(token[5]?.chunk)?.text ?? token[0];
    const shown = this.#filter.push(text);
    return shown === text ? super.handleLLMNewToken(...token) : this.#show(token, shown);
  }

  override async handleLLMEnd(...[output, ...others]: Parameters<Handler["handleLLMEnd"]>): Promise<void> {
    if (this.#last !== undefined) {
      await this.#show(this.#last, this.#filter.end());
    }
    const generations = output.generations.map((one) => one.flatMap((each) => this.#withoutMarks(each)));
    await super.handleLLMEnd({ ...output, generations }, ...others);
  }

  /** Passes a token on with another text. */
  #show([, index, runId, parentRunId, tags, fields]: Token, text: string): unknown {
    if (text === "") {
      return undefined;
    }
    const id = messageOf(fields?.chunk)?.id;
    const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk({ id, content: text }) });
    return super.handleLLMNewToken(text, index, runId, parentRunId, tags, { ...fields, chunk });
  }

  /** A whole answer without its marks; none if it says that something is missing. */
  #withoutMarks(generation: Generation): Generation[] {
    const text = messageOf(generation)?.text ?? generation.text;
    const shown = readReached(text, this.#marks).text;
    if (readMissing(text, this.#marks) !== undefined) {
      return [];
    }
    if (shown === text) {
      return [generation];
    }
    const id = messageOf(generation)?.id;
    return [new ChatGenerationChunk({ text: shown, message: new AIMessageChunk({ id, content: shown }) })];
  }
}
