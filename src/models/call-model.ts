import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { describeError } from "../errors/index.js";
import type { Emit } from "../events/index.js";
import { type Backoff, backoffMs, isTransient } from "../policy/index.js";
import {
  addUsage,
  type Budget,
  emptyUsage,
  estimateTokens,
  type LimitName,
  type Prices,
  type TokenUsage,
  type Usage,
  type UsageRole,
  usageOfCall,
} from "../usage/index.js";
import { ModelError } from "./model-error.js";

/** One call of a model by one role. */
export interface ModelCall {
  readonly role: UsageRole;
  /** The step that the call is made for, where it is made for one. */
  readonly stepId?: string;
  /** The model's name, as prices know it. */
  readonly modelName: string;
  readonly messages: readonly BaseMessage[];
  /** The most tokens that the model may answer with, where that is known. */
  readonly maxOutputTokens?: number;
  /** Makes one attempt. */
  run(): Promise<AIMessage>;
}

/** What calls of models share within one node. */
export interface ModelCallContext {
  readonly budget: Budget;
  readonly prices: Prices;
  readonly maxAttempts: number;
  readonly backoff: Backoff;
  readonly signal?: AbortSignal;
  readonly emit: Emit;
  readonly random: () => number;
  /** Waits; rejects with the signal's reason when it aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Adds up what calls cost. */
export interface UsageMeter {
  add(usage: Usage): void;
  total(): Usage;
}

/** A meter that stands at nothing, or at what it is begun with. */
export function createUsageMeter(begin: Usage = emptyUsage()): UsageMeter {
  let total = begin;
  return {
    add(usage) {
      total = addUsage(total, usage);
    },
    total: () => total,
  };
}

/** A limit of the run forbids another call. */
export class LimitError extends Error {
  override readonly name = "LimitError";

  constructor(
    readonly limit: LimitName,
    message: string,
  ) {
    super(message);
  }
}

/** What is reserved for an answer whose length nobody limits. */
const ASSUMED_OUTPUT_TOKENS = 1_000;

/**
 * Calls a model within the run's limits: the one owner of retries of models. Each attempt is reserved before it
 * and counted once after it. Throws a `LimitError` where a limit forbids the call, a `ModelError` where no
 * attempt gave an answer, and the signal's reason where the run was cancelled.
 */
export async function callModel(
  call: ModelCall,
  context: ModelCallContext,
  meter: UsageMeter,
): Promise<AIMessage> {
  for (let attempt = 1; ; attempt++) {
    context.signal?.throwIfAborted();
    try {
      return await callOnce(call, context, meter);
    } catch (error) {
      context.signal?.throwIfAborted();
      if (error instanceof LimitError || isGraphBubbleUp(error)) throw error;
      const isWorthIt =
        error instanceof ModelError ? error.code === "MODEL_EMPTY" : isTransient(error) === true;
      if (!isWorthIt || attempt >= context.maxAttempts) throw toModelError(call, attempt, error);
      const delayMs = retryAfterMs(error) ?? backoffMs(attempt, context.backoff, context.random);
      context.emit({
        type: "model.retried",
        role: call.role,
        attempt: attempt + 1,
        delayMs,
        error: describeError(error),
      });
      await context.sleep(delayMs, context.signal);
    }
  }
}

async function callOnce(call: ModelCall, context: ModelCallContext, meter: UsageMeter): Promise<AIMessage> {
  const { role, stepId, modelName } = call;
  const inputTokens = call.messages.reduce((sum, message) => sum + estimateTokens(textOf(message)), 0);
  const reserved = context.budget.reserve({
    model: modelName,
    inputTokens,
    maxOutputTokens: call.maxOutputTokens ?? ASSUMED_OUTPUT_TOKENS,
  });
  if (!reserved.ok) throw new LimitError(reserved.limit, reserved.message);
  let message: AIMessage;
  try {
    message = await call.run();
  } catch (error) {
    const tokens = context.budget.settle(reserved.reservation, undefined);
    meter.add(usageOfCall({ role, stepId, model: modelName, tokens, failed: true }, context.prices));
    throw isEmptyAnswer(error) ? emptyAnswer(error) : error;
  }
  const tokens = context.budget.settle(reserved.reservation, tokensOf(message));
  meter.add(usageOfCall({ role, stepId, model: modelName, tokens }, context.prices));
  assertAnswered(message);
  return message;
}

/** The tokens that a message says it cost; undefined where it does not say. */
function tokensOf({ usage_metadata: usage }: AIMessage): TokenUsage | undefined {
  if (usage === undefined) return undefined;
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cachedInputTokens: usage.input_token_details?.cache_read ?? 0,
    reasoningTokens: usage.output_token_details?.reasoning ?? 0,
  };
}

function textOf({ content }: BaseMessage): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}

/** How providers say that they stopped an answer: OpenAI, Anthropic, Google. */
const STOPPED_BY_PROVIDER: Readonly<Record<string, readonly unknown[]>> = {
  finish_reason: ["content_filter"],
  stop_reason: ["refusal"],
  finishReason: ["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST"],
};

function assertAnswered(message: AIMessage): void {
  const refusal = refusalIn(message);
  if (refusal !== undefined) throw new ModelError("MODEL_REFUSED", refusal);
  const said: Readonly<Record<string, unknown>> = message.response_metadata ?? {};
  if (Object.entries(STOPPED_BY_PROVIDER).some(([key, reasons]) => reasons.includes(said[key]))) {
    throw new ModelError("MODEL_REFUSED", "The provider's content filter stopped the answer.");
  }
  const hasCalls = (message.tool_calls?.length ?? 0) + (message.invalid_tool_calls?.length ?? 0) > 0;
  if (!hasCalls && message.text.trim() === "") {
    throw emptyAnswer();
  }
}

function emptyAnswer(cause?: unknown): ModelError {
  return new ModelError("MODEL_EMPTY", "The model answered with nothing.", { cause });
}

/** A refusal in words, where the message carries one: beside its content, or as a block of it. */
function refusalIn({ additional_kwargs, content }: AIMessage): string | undefined {
  const blocks = Array.isArray(content) ? content.filter(({ type }) => type === "refusal") : [];
  return [additional_kwargs.refusal, ...blocks.map((block) => Reflect.get(block, "refusal"))].find(
    (text): text is string => typeof text === "string" && text !== "",
  );
}

/** LangChain's own words where a provider's answer has no choice in it. */
const NO_GENERATION = /^Cannot read properties of undefined \(reading 'message'\)$/;

function isEmptyAnswer(error: unknown): boolean {
  return error instanceof TypeError && NO_GENERATION.test(error.message);
}

function toModelError({ role, modelName }: ModelCall, attempts: number, error: unknown): ModelError {
  if (error instanceof ModelError && error.code !== "MODEL_EMPTY") return error;
  const code = error instanceof ModelError ? error.code : "MODEL_FAILED";
  const times = attempts === 1 ? "" : ` after ${attempts} attempts`;
  return new ModelError(code, `The ${role}'s model ${modelName} failed${times}: ${describeError(error)}`, {
    cause: error,
  });
}

const LONGEST_RETRY_AFTER_MS = 60_000;

/** What the provider asks to wait, where it says so. */
function retryAfterMs(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("headers" in error)) return undefined;
  const { headers } = error;
  const text = headers instanceof Headers ? headers.get("retry-after") : readHeader(headers, "retry-after");
  const seconds = text === null || text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(seconds) && seconds >= 0
    ? Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS)
    : undefined;
}

function readHeader(headers: unknown, name: string): unknown {
  return typeof headers === "object" && headers !== null ? Reflect.get(headers, name) : undefined;
}
