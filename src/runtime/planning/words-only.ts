// A plan arrives as a tool call, and clients that show the message stream would show that call: first as an empty
// message, then as a table of a call that no tool answers, until the plan appears in words under the same id. So only
// words of the planner and the replanner reach the message stream. LangGraph shows the plan's message with the node's
// output.
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { BaseMessage } from "@langchain/core/messages";
import type { Emit } from "../../events/index.js";
import { mayBecomeCalls } from "../../plan/index.js";

type Handler = Required<BaseCallbackHandler>;
type Token = Parameters<Handler["handleLLMNewToken"]>;

/** Passes on only what a model says in words. */
export class WordsOnly extends BaseCallbackHandler {
  readonly name: string = "PlanExecuteWordsOnly";
  readonly lc_prefer_streaming = true;
  // Otherwise LangChain may tell of a piece after the answer is whole.
  override awaitHandlers = true;
  readonly #stream: BaseCallbackHandler;

  constructor(stream: BaseCallbackHandler) {
    super();
    this.#stream = stream;
  }

  override handleChatModelStart(...given: Parameters<Handler["handleChatModelStart"]>): unknown {
    return this.#stream.handleChatModelStart?.(...given);
  }

  override handleLLMNewToken(...given: Parameters<Handler["handleLLMNewToken"]>): unknown {
    return hasWords(given[5]?.chunk) ? this.#stream.handleLLMNewToken?.(...given) : undefined;
  }

  override handleLLMEnd(...[output, ...others]: Parameters<Handler["handleLLMEnd"]>): unknown {
    const generations = output.generations.map((one) => one.filter(hasWords));
    return this.#stream.handleLLMEnd?.({ ...output, generations }, ...others);
  }

  override handleLLMError(...given: Parameters<Handler["handleLLMError"]>): unknown {
    return this.#stream.handleLLMError?.(...given);
  }
}

/**
 * Passes on only what a model says in words, and no call or plan that it wrote as text. A text that begins as these do
 * waits until it is whole.
 */
export class AnswersOnly extends WordsOnly {
  override readonly name: string = "PlanExecuteAnswersOnly";
  readonly #isRaw: (text: string) => boolean;
  #text = "";
  #held: Token[] = [];
  #isAnswer = false;

  constructor(stream: BaseCallbackHandler, isRaw: (text: string) => boolean) {
    super(stream);
    this.#isRaw = isRaw;
  }

  override handleLLMNewToken(...token: Token): unknown {
    if (this.#isAnswer) {
      return super.handleLLMNewToken(...token);
    }
    this.#text += messageOf(token[5]?.chunk)?.text ?? token[0];
    this.#held.push(token);
    this.#isAnswer = !mayBecomeCalls(this.#text);
    return this.#isAnswer ? this.#release() : undefined;
  }

  override async handleLLMEnd(...[output, ...others]: Parameters<Handler["handleLLMEnd"]>): Promise<void> {
    const generations = output.generations.map((one) =>
      one.filter((generation) => !this.#isRaw(messageOf(generation)?.text ?? generation.text)),
    );
    if (!this.#isRaw(this.#text)) {
      await this.#release();
    }
    await super.handleLLMEnd({ ...output, generations }, ...others);
  }

  /** Passes on everything that waited, at once and in order. */
  #release(): Promise<unknown> {
    return Promise.all(this.#held.splice(0).map((token) => super.handleLLMNewToken(...token)));
  }
}

/** Reports each piece of an answer that reaches it. */
export class AnswerTokens extends BaseCallbackHandler {
  readonly name = "PlanExecuteAnswerTokens";
  readonly lc_prefer_streaming = true;
  override awaitHandlers = true;
  readonly #emit: Emit;

  constructor(emit: Emit) {
    super();
    this.#emit = emit;
  }

  override handleLLMNewToken(...[text, , , , , fields]: Parameters<Handler["handleLLMNewToken"]>): void {
    const message = messageOf(fields?.chunk);
    const token = message?.text ?? text;
    if (token !== "") {
      this.#emit({
        type: "answer.token",
        ...(message?.id === undefined ? {} : { messageId: message.id }),
        token,
      });
    }
  }
}

/** Whether a generation, or a piece of one, contains text. A generation without a message is text itself. */
function hasWords(generation: object | undefined): boolean {
  return messageOf(generation)?.text !== "";
}

/** The message of a generation, or of a piece of one. */
export function messageOf(generation: object | undefined): BaseMessage | undefined {
  const message: unknown = generation === undefined ? undefined : Reflect.get(generation, "message");
  return BaseMessage.isInstance(message) ? message : undefined;
}
