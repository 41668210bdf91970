import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { describeError } from "../../../src/base/index.js";

/** A message as transcripts hold it. */
interface SaidMessage {
  readonly type: string;
  readonly text: string;
  readonly calls?: readonly { readonly name: string; readonly args: unknown }[];
}

/** One model call of a run. A call that failed has no answer. */
export interface LoggedCall {
  readonly role: string;
  readonly model: string;
  readonly prompt: readonly SaidMessage[];
  answer?: SaidMessage;
  error?: string;
  inputTokens: number;
  outputTokens: number;
  cachedInputTokens: number;
}

/** Writes down the model calls of one run, whoever makes them. */
export class CallLog extends BaseCallbackHandler {
  readonly name = "CallLog";
  override awaitHandlers = true;
  readonly calls: LoggedCall[] = [];
  readonly #open = new Map<string, LoggedCall>();

  override handleChatModelStart(
    _model: unknown,
    messages: BaseMessage[][],
    runId: string,
    _parentRunId?: string,
    _extraParams?: Record<string, unknown>,
    _tags?: string[],
    metadata: Record<string, unknown> = {},
    runName?: string,
  ): void {
    const role = runName ?? String(metadata.langgraph_node ?? "model");
    const call = {
      role,
      model: String(metadata.ls_model_name ?? "unknown"),
      prompt: messages.flat().map(toSaid),
      inputTokens: 0,
      outputTokens: 0,
      cachedInputTokens: 0,
    };
    this.calls.push(call);
    this.#open.set(runId, call);
  }

  override handleLLMEnd({ generations }: LLMResult, runId: string): void {
    const generation = generations[0]?.[0];
    const message = generation && "message" in generation ? generation.message : undefined;
    const call = this.#take(runId);
    if (call !== undefined && AIMessage.isInstance(message)) {
      call.answer = toSaid(message);
      call.inputTokens = message.usage_metadata?.input_tokens ?? 0;
      call.outputTokens = message.usage_metadata?.output_tokens ?? 0;
      call.cachedInputTokens = message.usage_metadata?.input_token_details?.cache_read ?? 0;
    }
  }

  override handleLLMError(error: unknown, runId: string): void {
    const call = this.#take(runId);
    if (call !== undefined) {
      call.error = describeError(error);
    }
  }

  /**
   * The role that sends a request: that of the last call begun whose last message is in it. A request of none of them is
   * the judge's.
   */
  roleOf(body: string): string {
    const sender = this.calls.findLast(({ prompt }) => {
      const text = JSON.stringify(prompt.at(-1)?.text ?? "").slice(1, -1);
      return body.includes(text);
    });
    return sender?.role ?? "judge";
  }

  #take(runId: string): LoggedCall | undefined {
    const call = this.#open.get(runId);
    this.#open.delete(runId);
    return call;
  }
}

function toSaid(message: BaseMessage): SaidMessage {
  const calls = AIMessage.isInstance(message) ? (message.tool_calls ?? []) : [];
  return {
    type: message.getType(),
    text: message.text,
    ...(calls.length === 0 ? {} : { calls: calls.map(({ name, args }) => ({ name, args })) }),
  };
}
