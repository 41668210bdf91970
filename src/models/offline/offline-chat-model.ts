import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BaseChatModelParams,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import {
  type AIMessage,
  AIMessageChunk,
  type BaseMessage,
  type UsageMetadata,
} from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { toMessage } from "./carry-out-task.js";
import type { Playbook } from "./playbook.js";
import { replyByRule } from "./reply-by-rule.js";
import { type ToolCard, toToolCard } from "./tool-card.js";

const CHARACTERS_PER_TOKEN = 4;

/** What a call of the offline model takes: the tools that are bound, as definitions. */
export interface OfflineCallOptions extends BaseChatModelCallOptions {
  readonly tools?: readonly unknown[];
}

/**
 * A chat model that works by rule: no key, no network, the same answer each time. It plays every role of a
 * plan-and-execute agent, and says so where it cannot do a thing.
 */
export class OfflineChatModel extends BaseChatModel<OfflineCallOptions> {
  /** The model's name, as usage figures show it. */
  readonly model = "offline";

  /** The rules of a field, asked before the general ones. */
  readonly playbook: Playbook | undefined;

  constructor({ playbook, ...fields }: BaseChatModelParams & { readonly playbook?: Playbook } = {}) {
    super(fields);
    this.playbook = playbook;
  }

  static override lc_name(): string {
    return "OfflineChatModel";
  }

  override _llmType(): string {
    return "offline";
  }

  override bindTools(
    tools: BindToolsInput[],
    options?: Partial<OfflineCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, OfflineCallOptions> {
    return this.withConfig({ ...options, tools: tools.map((tool) => convertToOpenAITool(tool)) });
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    options.signal?.throwIfAborted();
    const message = reply(messages, options, this.playbook);
    return {
      generations: [{ text: message.text, message }],
      llmOutput: { tokenUsage: message.usage_metadata },
    };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for (const message of toChunks(reply(messages, options, this.playbook))) {
      options.signal?.throwIfAborted();
      const chunk = new ChatGenerationChunk({ text: message.text, message });
      yield chunk;
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}

function reply(
  messages: readonly BaseMessage[],
  options: OfflineCallOptions,
  playbook: Playbook | undefined,
): AIMessage {
  const tools = (options.tools ?? []).flatMap((tool) => toToolCard(tool) ?? []);
  const move = replyByRule({ messages, tools, forced: forcedTool(options.tool_choice, tools), playbook });
  const message = toMessage(move, messages.length);
  message.usage_metadata = estimateUsage(messages, message);
  message.response_metadata = { model_name: "offline" };
  return message;
}

/** The tool that must be called: the one that is named, or the only one where any must be. */
function forcedTool(
  choice: OfflineCallOptions["tool_choice"],
  tools: readonly ToolCard[],
): ToolCard | undefined {
  if (choice === undefined || choice === "auto" || choice === "none") {
    return undefined;
  }
  if (choice === "any" || choice === "required") {
    return tools.length === 1 ? tools[0] : undefined;
  }
  const name: unknown = typeof choice === "string" ? choice : (choice.function?.name ?? choice.name);
  return tools.find((tool) => tool.name === name);
}

function estimateUsage(messages: readonly BaseMessage[], answer: AIMessage): UsageMetadata {
  const input = messages.reduce((sum, message) => sum + message.text.length, 0);
  const calls = answer.tool_calls ?? [];
  const output =
    answer.text.length +
    calls.reduce((sum, call) => sum + call.name.length + JSON.stringify(call.args).length, 0);
  const input_tokens = Math.ceil(input / CHARACTERS_PER_TOKEN);
  const output_tokens = Math.ceil(output / CHARACTERS_PER_TOKEN);
  return { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens };
}

/** Text word by word, each call's arguments in two pieces, the usage at the end. */
function* toChunks(message: AIMessage): Generator<AIMessageChunk> {
  for (const word of message.text.match(/\s*\S+|\s+$/g) ?? []) {
    yield new AIMessageChunk({ content: word });
  }
  for (const [index, call] of (message.tool_calls ?? []).entries()) {
    const args = JSON.stringify(call.args);
    const middle = Math.ceil(args.length / 2);
    const head = {
      index,
      id: call.id,
      name: call.name,
      args: args.slice(0, middle),
      type: "tool_call_chunk" as const,
    };
    yield new AIMessageChunk({ content: "", tool_call_chunks: [head] });
    yield new AIMessageChunk({
      content: "",
      tool_call_chunks: [{ index, args: args.slice(middle), type: "tool_call_chunk" }],
    });
  }
  yield new AIMessageChunk({
    content: "",
    usage_metadata: message.usage_metadata,
    response_metadata: message.response_metadata,
  });
}
