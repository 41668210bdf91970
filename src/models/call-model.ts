// The one owner of retries of models.
//
//   (1) Each attempt is reserved before it and counted once after it, under the name of the model that it went to.
//   (2) Each attempt has a deadline and a signal of its own, which the model gets: what is given up really ends.
//   (3) When the attempts with one model are used up the role's next model is asked, with as many attempts.
//   (4) A refusal, a limit, an abort and LangGraph's own control flow end the call at once.
//   (5) No answer is read without end, or goes on larger than the state keeps (answer-limit.ts).
import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { type Backoff, backoffMs, describeError, linkSignal, raceSignal } from "../base/index.js";
import type { Emit } from "../events/index.js";
import { isTransient } from "../policy/index.js";
import {
  type Budget,
  CHARACTERS_PER_TOKEN,
  emptyTokenUsage,
  estimateTokens,
  type LimitName,
  type Prices,
  type Reservation,
  type TokenUsage,
  type UsageMeter,
  type UsageRole,
  usageOfCall,
} from "../usage/index.js";
import { AnswerWatcher, boundAnswer } from "./answer-watcher.js";
import { emptyAnswer, judgeAnswer } from "./judge-answer.js";
import { ModelError } from "./model-error.js";
import type { ModelLine } from "./model-line.js";
import { outputLimitOf, retryAfterMs } from "./provider-facts.js";
import type { ResolvedModel } from "./resolve-model.js";

/** What one attempt is made with. */
export interface ModelAttempt {
  /** Ends the attempt: the run's own signal, and the attempt's deadline. */
  readonly signal: AbortSignal;
  /** Has to be among the callbacks of the attempt. */
  readonly handler: BaseCallbackHandler;
}

/** One call of a model by one role. */
export interface ModelCall {
  readonly role: UsageRole;
  /** The step that the call is made for, where it is made for one. */
  readonly stepId?: string;
  /** Who is asked: the role's model, then its fallbacks. */
  readonly models: ModelLine;
  /** What the model is told. */
  messages(model: ResolvedModel): readonly BaseMessage[];
  /** Makes one attempt. */
  ask(model: ResolvedModel, messages: readonly BaseMessage[], attempt: ModelAttempt): Promise<AIMessage>;
  /** Throws a `ModelError` where the answer is of no use. */
  check?(message: AIMessage): void;
}

/** What calls of models share within one node. */
export interface ModelCallContext {
  readonly budget: Budget;
  readonly prices: Prices;
  readonly maxAttempts: number;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  readonly backoff: Backoff;
  readonly signal?: AbortSignal;
  readonly emit: Emit;
  readonly now: () => number;
  readonly random: () => number;
  /** Waits; rejects with the signal's reason when it aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** An answer, and who gave it. */
export interface ModelAnswer {
  readonly message: AIMessage;
  readonly model: ResolvedModel;
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
 * Calls a model within the run's limits. Throws a `LimitError` where a limit forbids the call, a `ModelError` that
 * names every model that was asked where none gave an answer, and the signal's reason where the run was cancelled.
 */
export async function callModel(
  call: ModelCall,
  context: ModelCallContext,
  meter: UsageMeter,
): Promise<ModelAnswer> {
  for (;;) {
    try {
      const model = await call.models.current();
      return { model, message: await callOne(call, model, context, meter) };
    } catch (error) {
      context.signal?.throwIfAborted();
      if (!(error instanceof ModelError) || error.code === "MODEL_REFUSED") {
        throw error;
      }
      fallBack(call, error, context);
    }
  }
}

/** Goes on to the role's next model, and says so; throws where there is none. */
export function fallBack(
  { role, stepId, models }: Pick<ModelCall, "role" | "stepId" | "models">,
  error: ModelError,
  { emit }: Pick<ModelCallContext, "emit">,
): void {
  const from = models.name;
  models.fallBack(error);
  const step = stepId === undefined ? {} : { stepId };
  emit({ type: "model.fallback", role, ...step, from, to: models.name, error: error.message });
}

async function callOne(
  call: ModelCall,
  model: ResolvedModel,
  context: ModelCallContext,
  meter: UsageMeter,
): Promise<AIMessage> {
  for (let attempt = 1; ; attempt++) {
    context.signal?.throwIfAborted();
    try {
      return await callOnce(call, model, context, meter);
    } catch (error) {
      context.signal?.throwIfAborted();
      if (error instanceof LimitError || isGraphBubbleUp(error)) {
        throw error;
      }
      const isWorthIt = isBadAnswer(error) || isTransient(error) === true;
      if (!isWorthIt || attempt >= context.maxAttempts) {
        throw toModelError(call, model, attempt, error);
      }
      const delayMs = retryAfterMs(error, context.now) ?? backoffMs(attempt, context.backoff, context.random);
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

async function callOnce(
  call: ModelCall,
  model: ResolvedModel,
  context: ModelCallContext,
  meter: UsageMeter,
): Promise<AIMessage> {
  const { role, stepId } = call;
  const messages = call.messages(model);
  const reservation = await reserve(messages, model, context);
  const settle = (tokens: TokenUsage | undefined, failed: boolean) => {
    const counted = context.budget.settle(reservation, tokens);
    meter.add(usageOfCall({ role, stepId, model: model.name, tokens: counted, failed }, context.prices));
  };
  const watcher = new AnswerWatcher();
  let message: AIMessage;
  try {
    const ask = (signal: AbortSignal) => call.ask(model, messages, { signal, handler: watcher });
    message = await withinLimits(context, watcher.tooLong, ask);
  } catch (error) {
    const wasStopped = watcher.tooLong.aborted && error === watcher.tooLong.reason;
    const stopped = wasStopped ? watcher.stopped() : undefined;
    settle(wasStopped ? estimateTokensOf(reservation, watcher) : undefined, stopped === undefined);
    if (stopped === undefined) {
      throw toBadAnswer(error) ?? error;
    }
    call.check?.(stopped);
    return stopped;
  }
  settle(tokensOf(message), false);
  judgeAnswer(message, watcher.info);
  const bounded = boundAnswer(message);
  call.check?.(bounded);
  return bounded;
}

/** Sets aside what a call may use; where only calls under way stand in its way, it waits for them. */
async function reserve(
  messages: readonly BaseMessage[],
  { model, name }: ResolvedModel,
  { budget, signal }: ModelCallContext,
): Promise<Reservation> {
  const inputTokens = messages.reduce((sum, message) => sum + estimateTokens(textOf(message)), 0);
  const maxOutputTokens = outputLimitOf(model) ?? ASSUMED_OUTPUT_TOKENS;
  for (;;) {
    const verdict = budget.reserve({ model: name, inputTokens, maxOutputTokens });
    if (verdict.ok) {
      return verdict.reservation;
    }
    if (!verdict.mayPass) {
      throw new LimitError(verdict.limit, verdict.message);
    }
    await raceSignal(budget.nextSettled(), signal);
  }
}

/** Makes an attempt that ends with its deadline, or when its answer is too long, whatever the model does. */
async function withinLimits<T>(
  { signal, timeoutMs }: ModelCallContext,
  tooLong: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const linked = linkSignal(signal, tooLong);
  const message = `No answer came within ${timeoutMs} ms (modelTimeoutMs).`;
  const timer = setTimeout(() => linked.abort(new DOMException(message, "TimeoutError")), timeoutMs);
  try {
    return await raceSignal(work(linked.signal), linked.signal);
  } catch (error) {
    // The model may have noticed first, and said so in words of its own.
    throw linked.signal.aborted ? linked.signal.reason : error;
  } finally {
    clearTimeout(timer);
    linked.unlink();
  }
}

/** What a stream cost that was left before its end, which nobody says. */
function estimateTokensOf({ inputTokens }: Reservation, { streamed }: AnswerWatcher): TokenUsage {
  return { ...emptyTokenUsage(), inputTokens, outputTokens: Math.ceil(streamed / CHARACTERS_PER_TOKEN) };
}

/** The tokens that a message says it cost; undefined where it does not say, or says what is no number of tokens. */
function tokensOf({ usage_metadata: usage }: AIMessage): TokenUsage | undefined {
  const { input_tokens: inputTokens, output_tokens: outputTokens } = usage ?? {};
  if (!isCount(inputTokens) || !isCount(outputTokens)) {
    return undefined;
  }
  const [cached, reasoning] = [
    usage?.input_token_details?.cache_read,
    usage?.output_token_details?.reasoning,
  ];
  return {
    inputTokens,
    outputTokens,
    cachedInputTokens: isCount(cached) ? cached : 0,
    reasoningTokens: isCount(reasoning) ? reasoning : 0,
  };
}

/** Compatible servers send what they like, and the state takes only whole numbers. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function textOf({ content }: BaseMessage): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}

/** LangChain's own words where a provider's answer has nothing in it: whole, and as a stream. */
const NO_GENERATION =
  /^(Cannot read properties of undefined \(reading 'message'\)|Received empty response from chat model call\.)$/;

/** What was thrown because an answer had nothing in it, or was no JSON. */
function toBadAnswer(error: unknown): ModelError | undefined {
  if (error instanceof Error && NO_GENERATION.test(error.message)) {
    return emptyAnswer(error);
  }
  if (!(error instanceof SyntaxError)) {
    return undefined;
  }
  const message = `The provider's answer cannot be read: ${error.message}`;
  return new ModelError("MODEL_UNREADABLE", message, { cause: error });
}

/** Whether an answer came that is of no use: the next one may be. */
function isBadAnswer(error: unknown): boolean {
  return error instanceof ModelError && (error.code === "MODEL_EMPTY" || error.code === "MODEL_UNREADABLE");
}

function toModelError(
  { role }: ModelCall,
  { name }: ResolvedModel,
  attempts: number,
  error: unknown,
): ModelError {
  if (error instanceof ModelError && !isBadAnswer(error)) {
    return error;
  }
  const code = error instanceof ModelError ? error.code : "MODEL_FAILED";
  const times = attempts === 1 ? "" : ` after ${attempts} attempts`;
  return new ModelError(code, `The ${role}'s model ${name} failed${times}: ${describeError(error)}`, {
    cause: error,
  });
}
