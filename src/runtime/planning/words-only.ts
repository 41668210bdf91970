// A plan comes as a call of a tool, and clients that show the stream of messages would show it: first as an empty
// message, then as a table of a call that nobody else makes, until the plan stands there in words under the same id.
// So of what planner and replanner stream, only words reach the stream of messages; LangGraph shows the plan's message
// with the node's output.
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { BaseMessage } from "@langchain/core/messages";
import { type Callbacks, withMessageStream } from "../../langgraph/index.js";

type Handler = Required<BaseCallbackHandler>;

/** Callbacks that hand on to the stream of messages only what a model says in words. */
export function withWordsOnly(callbacks: Callbacks): Callbacks {
  return withMessageStream(callbacks, (stream) => new WordsOnly(stream));
}

/** Hands on what a model says in words. */
export class WordsOnly extends BaseCallbackHandler {
  readonly name: string = "PlanExecuteWordsOnly";
  readonly lc_prefer_streaming = true;
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

/** Whether a generation, or a piece of one, has text in it; one without a message is text itself. */
function hasWords(generation: object | undefined): boolean {
  const message: unknown = generation === undefined ? undefined : Reflect.get(generation, "message");
  return !(message instanceof BaseMessage) || message.text !== "";
}
