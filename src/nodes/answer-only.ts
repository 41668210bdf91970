// The closing call's text is streamed to the person as it comes. Where it says that the goal is not reached it is no
// answer, and nobody is to see it; so a piece that may yet turn out to say so waits for the next one.
import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { BaseMessage } from "@langchain/core/messages";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { mayBecomeMissing, readMissing } from "../models/index.js";
import { WordsOnly, withMessageStream } from "./words-only.js";

type Callbacks = LangGraphRunnableConfig["callbacks"];
type Handler = Required<BaseCallbackHandler>;
type Token = Parameters<Handler["handleLLMNewToken"]>;

/** Callbacks that hand on to the stream of messages only an answer, and nothing of what says that something is missing. */
export function withAnswerOnly(callbacks: Callbacks, mark: string): Callbacks {
  return withMessageStream(callbacks, (stream) => new AnswerOnly(stream, mark));
}

class AnswerOnly extends WordsOnly {
  override readonly name: string = "PlanExecuteAnswerOnly";
  /** The line that is being written. */
  #line = "";
  #held: Token[] = [];
  #isMissing = false;
  readonly #mark: string;

  constructor(stream: BaseCallbackHandler, mark: string) {
    super(stream);
    this.#mark = mark;
  }

  override handleLLMNewToken(...token: Token): unknown {
    this.#line += textOf(token[5]?.chunk) ?? token[0];
    this.#isMissing ||= readMissing(this.#line, this.#mark) !== undefined;
    this.#line = this.#line.slice(this.#line.lastIndexOf("\n") + 1);
    // A line that is none of that kind by its beginning stays so: there is no need to read it again with each word.
    if (!mayBecomeMissing(this.#line)) this.#line = ".";
    this.#held.push(token);
    return this.#isMissing || mayBecomeMissing(this.#line, this.#mark) ? undefined : this.#release();
  }

  override async handleLLMEnd(...[output, ...others]: Parameters<Handler["handleLLMEnd"]>): Promise<void> {
    if (!this.#isMissing) await this.#release();
    const generations = output.generations.map((one) =>
      one.filter(
        (generation) => readMissing(textOf(generation) ?? generation.text, this.#mark) === undefined,
      ),
    );
    await super.handleLLMEnd({ ...output, generations }, ...others);
  }

  /** What waited is handed on at once, in its order. */
  #release(): Promise<unknown> {
    return Promise.all(this.#held.splice(0).map((token) => super.handleLLMNewToken(...token)));
  }
}

function textOf(generation: object | undefined): string | undefined {
  const message: unknown = generation === undefined ? undefined : Reflect.get(generation, "message");
  return message instanceof BaseMessage ? message.text : undefined;
}
