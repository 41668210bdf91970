import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import {
  AIMessage,
  AIMessageChunk,
  type AIMessageChunkFields,
  type BaseMessage,
} from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { ScriptedModel } from "./scripted-model.js";

/** A chat model that streams piece after piece until somebody stops it. In the end it gives up by itself. */
export class EndlessModel extends ScriptedModel {
  /** How many pieces were streamed. */
  pieces = 0;
  readonly #piece: (number: number) => AIMessageChunkFields;
  readonly #most: number;

  /** `piece` makes each piece from its number, counted from 1. */
  constructor(piece: (number: number) => AIMessageChunkFields, most = 20_000) {
    super(() => new AIMessage("not asked as a whole"));
    this.#piece = piece;
    this.#most = most;
  }

  override bindTools(): this {
    return this;
  }

  override async *_streamResponseChunks(
    _messages: BaseMessage[],
    _options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    while (this.pieces < this.#most) {
      this.pieces += 1;
      const message = new AIMessageChunk({ id: "streamed", ...this.#piece(this.pieces) });
      const chunk = new ChatGenerationChunk({ text: message.text, message });
      yield chunk;
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}
