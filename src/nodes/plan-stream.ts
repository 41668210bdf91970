import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { PLAN_TOOL } from "../prompts/index.js";

/** Hands on the arguments of the plan's call, piece by piece, as a model streams them. */
export class PlanStream extends BaseCallbackHandler {
  readonly name = "PlanExecutePlanStream";
  readonly lc_prefer_streaming = true;
  // A piece that comes after the whole answer would be of no use.
  override awaitHandlers = true;
  readonly #onPiece: (piece: string) => void;
  #call: number | undefined;

  constructor(onPiece: (piece: string) => void) {
    super();
    this.#onPiece = onPiece;
  }

  override handleLLMNewToken(
    ...[, , , , , fields]: Parameters<Required<BaseCallbackHandler>["handleLLMNewToken"]>
  ): void {
    const chunk = fields?.chunk;
    if (!(chunk instanceof ChatGenerationChunk) || !(chunk.message instanceof AIMessageChunk)) return;
    for (const { name, index = 0, args } of chunk.message.tool_call_chunks ?? []) {
      if (name === PLAN_TOOL) this.#call ??= index;
      // What a provider sends as a piece need not be text.
      if (index === this.#call && typeof args === "string") this.#onPiece(args);
    }
  }
}
