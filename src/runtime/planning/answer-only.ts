// The text of an answer is streamed to the person as it arrives, but nobody should see the marks in it, or a text that
// says that something is missing. So a piece that may still turn out to be one of these waits for the next one.
import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import type { Emit } from "../../events/index.js";
import { type Callbacks, withMessageStream } from "../../langgraph/index.js";
import { MarkFilter, type Marks, readMissing, readReached } from "../../models/index.js";
import { AnswersOnly, AnswerTokens, messageOf, WordsOnly } from "./words-only.js";

type Handler = Required<BaseCallbackHandler>;
type Token = Parameters<Handler["handleLLMNewToken"]>;
type Output = Parameters<Handler["handleLLMEnd"]>[0];
type Generation = Output["generations"][number][number];

/** Makes callbacks that pass an answer on to the message stream without its marks. */
export function withAnswerOnly(
  callbacks: Callbacks,
  marks: Marks,
  isRaw: (text: string) => boolean,
): Callbacks {
  return withMessageStream(callbacks, (stream) => new AnswerOnly(new AnswersOnly(stream, isRaw), marks));
}

/** Makes a handler that reports each piece of an answer, without its marks. */
export function answerTokens(
  emit: Emit,
  marks: Marks,
  isRaw: (text: string) => boolean,
): BaseCallbackHandler {
  return new AnswerOnly(new AnswersOnly(new AnswerTokens(emit), isRaw), marks);
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
