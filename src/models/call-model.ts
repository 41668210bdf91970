// Calls models. All retries and fallbacks of models happen here.
//
//   (1) Each attempt reserves budget before it starts, and counts once when it ends, under the name of its model.
//   (2) Each attempt has its own deadline and signal. The model gets the signal, so an attempt given up really ends.
//   (3) When the attempts with one model are used up, the role's next model gets as many attempts.
//   (4) A refusal, a limit, an abort and LangGraph's own control flow end the call at once.
//   (5) No answer is read without end, or returned larger than the state keeps (see answer-watcher.ts).
//   (6) An attempt that a server refused because of how it was asked (see grammar/) is made in another way at once, and
//       does not use up one of (3).
//   (7) Each attempt has a limit on output tokens (see output-limit.ts). An answer that was cut off at ours is asked for
//       once more with more room; one that was cut off at the model's own is not, because it would be cut off again.
import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { describeError, Retry, type RetryPace, startDeadline } from "../base/index.js";
import type { Emit, Surround } from "../events/index.js";
import { withOutputLimit, withoutOwnRetries } from "../langgraph/index.js";
import { isTransient } from "../policy/index.js";
import {
  CHARACTERS_PER_TOKEN,
  emptyTokenUsage,
  type Prices,
  type Reservation,
  type TokenUsage,
  type TurnBudget,
  type UsageMeter,
  type UsageRole,
} from "../usage/index.js";
import {
  AnswerWatcher,
  assertNoEcho,
  boundAnswer,
  CutOffError,
  cutAnswer,
  emptyAnswer,
  judgeAnswer,
  withWrittenCalls,
} from "./answers/index.js";
import { withTakenImages } from "./attachments.js";
import { beginCall, endCall, LimitError, tokensOf } from "./count-call.js";
import { noteCallMethod } from "./grammar/index.js";
import { ModelError } from "./model-error.js";
import type { ModelLine } from "./model-line.js";
import { type OutputLimit, outputLimitAfter, outputLimitOf } from "./output-limit.js";
import { describeRetry, retryAfterMs } from "./provider-facts.js";
import type { ResolvedModel } from "./resolve-model.js";

/** What an attempt has to pass on to the model. */
export interface ModelAttempt {
  /** Aborts when the run does, at the attempt's deadline, and when its answer is too long. */
  readonly signal: AbortSignal;
  /** Must be among the callbacks of the attempt. */
  readonly handler: BaseCallbackHandler;
  /**
   * A call option of LangChain's: a chat model that a person made has retries of its own, six unless they say
   * otherwise, and each of our attempts would multiply them. The person's model stays as it is.
   */
  readonly maxRetries: 0;
}

/** One call of a model by one role. */
export interface ModelCall {
  readonly role: UsageRole;
  /** The step that the call is made for, if any. */
  readonly stepId?: string;
  /** The models to ask: the role's model, then its fallbacks. */
  readonly models: ModelLine;
  messages(model: ResolvedModel): readonly BaseMessage[];
  ask(model: ResolvedModel, messages: readonly BaseMessage[], attempt: ModelAttempt): Promise<AIMessage>;
  /** The names of the tools that the model may call. A call of one that it writes as text is a call. @default none */
  readonly offered?: readonly string[];
  /** Whether words that every model cut off are better than none. They then say that they are cut. @default false */
  readonly takesCutWords?: boolean;
  /** Whether the call will be made differently after this error. If so, it is tried again at once. @default never */
  learn?(error: unknown, model: ResolvedModel): boolean;
  /** Throws a `ModelError` if the answer is useless. */
  check?(message: AIMessage): void;
}

/** What all model calls of one node share. */
export interface ModelCallContext extends RetryPace {
  readonly budget: TurnBudget;
  readonly prices: Prices;
  readonly maxAttempts: number;
  /** The time limit of one attempt. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly emit: Emit;
  /** Does a call in the surroundings that sinks make for it. */
  readonly surround: Surround;
  readonly now: () => number;
}

export interface ModelAnswer {
  readonly message: AIMessage;
  readonly model: ResolvedModel;
}

/**
 * Calls a model within the turn's limits. Throws a `LimitError` if a limit forbids the call, a `ModelError` that names
 * every model that was asked if none gave an answer, and the signal's reason if the run was cancelled.
 */
export async function callModel(
  call: ModelCall,
  context: ModelCallContext,
  meter: UsageMeter,
): Promise<ModelAnswer> {
  for (;;) {
    let model: ResolvedModel | undefined;
    try {
      model = await call.models.current();
      return { model, message: await callOne(call, model, context, meter) };
    } catch (error) {
      context.signal?.throwIfAborted();
      if (!(error instanceof ModelError) || error.code === "MODEL_REFUSED") {
        throw error;
      }
      const { cause } = error;
      const cut = call.takesCutWords && !call.models.hasNext && cause instanceof CutOffError;
      const message = cut ? cutAnswer(cause.answer) : undefined;
      if (model !== undefined && message !== undefined) {
        return { model, message };
      }
      fallBack(call, error, context);
    }
  }
}

/** Moves on to the role's next model and reports it. Throws if there is none. */
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
  const { maxAttempts, signal, now, emit } = context;
  let limit = outputLimitOf(model, call.role);
  const retry = new Retry({
    attempts: maxAttempts,
    pace: context,
    signal,
    waitMs: (error) => retryAfterMs(error, now),
    onRetry: (next) =>
      emit({ type: "model.retried", role: call.role, model: model.name, ...describeRetry(next) }),
  });
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await callOnce(call, model, limit, context, meter);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof LimitError || isGraphBubbleUp(error)) {
        throw error;
      }
      if (call.learn?.(error, model)) {
        continue;
      }
      const next = outputLimitAfter(error, limit, model, call.role);
      const isWorth = next !== limit || isBadAnswer(error) || isTransient(error) === true;
      limit = next;
      if (!isWorth || !(await retry.again(error))) {
        throw toModelError(call, model, retry.attempt, error);
      }
    }
  }
}

async function callOnce(
  call: ModelCall,
  model: ResolvedModel,
  limit: OutputLimit,
  context: ModelCallContext,
  meter: UsageMeter,
): Promise<AIMessage> {
  const { role, stepId } = call;
  const messages = withTakenImages(call.messages(model), model);
  const open = await beginCall(
    { role, stepId, messages, model: model.name, maxOutputTokens: limit.tokens },
    context,
  );
  const watcher = new AnswerWatcher();
  let message: AIMessage;
  try {
    const { timeoutMs, signal: run } = context;
    const late = `No answer came within ${timeoutMs} ms (modelTimeoutMs).`;
    message = await context.surround(open.eventId, () =>
      startDeadline(timeoutMs, late, run, watcher.stop).race((signal) =>
        askOnce(call, model, limit, messages, { signal, handler: watcher, maxRetries: 0 }),
      ),
    )();
  } catch (error) {
    const wasStopped = watcher.stop.aborted && error === watcher.stop.reason;
    const stopped = wasStopped ? watcher.stopped(call.offered ?? []) : undefined;
    const tokens = wasStopped ? estimateTokensOf(open.reservation, watcher) : undefined;
    const failure = stopped === undefined ? describeError(error) : undefined;
    endCall(open, { tokens, estimated: true, error: failure }, context, meter);
    if (stopped === undefined) {
      throw toBadAnswer(error) ?? error;
    }
    call.check?.(stopped);
    if (stopped.tool_calls?.length) {
      noteCallMethod(model, "schema");
    }
    return stopped;
  }
  endCall(open, { tokens: tokensOf(message) }, context, meter);
  judgeAnswer(message, watcher.info, limit.tokens);
  const read = withWrittenCalls(message, call.offered ?? []);
  if (read !== message) {
    noteCallMethod(model, "schema");
  }
  const bounded = boundAnswer(read);
  assertNoEcho(bounded, messages);
  call.check?.(bounded);
  return bounded;
}

/** Models whose own members cannot be read through a view: those of a class with private ones. */
const UNVIEWABLE = new WeakSet<object>();

/** Makes an attempt without the model's own retries, which ours would multiply, and with our limit on its answer. */
async function askOnce(
  call: ModelCall,
  resolved: ResolvedModel,
  { tokens, isOurs }: OutputLimit,
  messages: readonly BaseMessage[],
  attempt: ModelAttempt,
): Promise<AIMessage> {
  const { model } = resolved;
  const calm = UNVIEWABLE.has(model) ? model : withoutOwnRetries(model);
  const isLimited = isOurs && tokens !== undefined && !UNVIEWABLE.has(model);
  const view = isLimited ? withOutputLimit(calm, tokens) : calm;
  if (view === model) {
    return call.ask(resolved, messages, attempt);
  }
  try {
    return await call.ask({ ...resolved, model: view }, messages, attempt);
  } catch (error) {
    // A network error of `fetch` is a TypeError too, but a transient one.
    if (!(error instanceof TypeError) || isTransient(error) === true) {
      throw error;
    }
    UNVIEWABLE.add(model);
    return call.ask(resolved, messages, attempt);
  }
}

/** Estimates what a stopped stream cost, because no provider says. */
function estimateTokensOf({ inputTokens }: Reservation, { streamed }: AnswerWatcher): TokenUsage {
  return { ...emptyTokenUsage(), inputTokens, outputTokens: Math.ceil(streamed / CHARACTERS_PER_TOKEN) };
}

/** LangChain's own words where a provider's answer has nothing in it: whole, and as a stream. */
const NO_GENERATION =
  /^(Cannot read properties of undefined \(reading 'message'\)|Received empty response from chat model call\.)$/;

/** Recognises errors that mean that an answer was empty or was no JSON. */
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

/** Whether a useless answer came. It is worth asking again, because the next answer may be better. */
function isBadAnswer(error: unknown): boolean {
  return error instanceof ModelError && (error.code === "MODEL_EMPTY" || error.code === "MODEL_UNREADABLE");
}

function toModelError(
  { role }: ModelCall,
  { name }: ResolvedModel,
  attempts: number,
  error: unknown,
): ModelError {
  if (error instanceof ModelError && !isBadAnswer(error) && !(error instanceof CutOffError)) {
    return error;
  }
  const code = error instanceof ModelError ? error.code : "MODEL_FAILED";
  const times = attempts === 1 ? "" : ` after ${attempts} attempts`;
  return new ModelError(code, `The ${role}'s model ${name} failed${times}: ${describeError(error)}`, {
    cause: error,
  });
}
