import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { SCRIPTED_USAGE, ScriptedModel } from "../../support/scripted-model.js";

/** A planner that writes its last step only after something has happened. */
export class SlowPlanner extends ScriptedModel {
  readonly #steps: readonly unknown[];
  readonly #until: Promise<void>;

  constructor(steps: readonly unknown[], until: Promise<void>) {
    super(() => new TypeError("is not asked as a whole"));
    this.#steps = steps;
    this.#until = until;
  }

  override bindTools(): this {
    return this;
  }

  override async *_streamResponseChunks(
    _messages: BaseMessage[],
    _options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const args = JSON.stringify({ steps: this.#steps });
    const last = args.lastIndexOf('{"id":');
    const chunks = [
      chunkOf({ name: "plan", id: "call_1", args: args.slice(0, last) }),
      chunkOf({ args: args.slice(last) }),
    ];
    for (const chunk of chunks) {
      yield chunk;
      await runManager?.handleLLMNewToken("", undefined, undefined, undefined, undefined, { chunk });
      await this.#until;
    }
    const usage = new AIMessageChunk({ content: "", usage_metadata: SCRIPTED_USAGE });
    yield new ChatGenerationChunk({ text: "", message: usage });
  }
}

function chunkOf(call: { name?: string; id?: string; args: string }): ChatGenerationChunk {
  const message = new AIMessageChunk({
    content: "",
    tool_call_chunks: [{ ...call, index: 0, type: "tool_call_chunk" }],
  });
  return new ChatGenerationChunk({ text: "", message });
}
