import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { raceSignal } from "../base/index.js";
import type { Emit } from "../events/index.js";
import {
  estimateTokens,
  type LimitName,
  type Prices,
  type Reservation,
  type TokenUsage,
  type TurnBudget,
  type UsageMeter,
  type UsageRole,
  usageOfCall,
} from "../usage/index.js";
import { attachmentsIn, textBeside } from "./attachments.js";

/** The error for a call that a limit of the run forbids. */
export class LimitError extends Error {
  override readonly name = "LimitError";

  constructor(
    readonly limit: LimitName,
    message: string,
  ) {
    super(message);
  }
}

/** Roughly what providers count for a picture of usual size. */
const TOKENS_PER_ATTACHMENT = 1_000;
/** The output tokens to reserve if nothing limits the length of the answer. */
const ASSUMED_OUTPUT_TOKENS = 1_000;

/** A call that is about to be made. */
interface ComingCall {
  readonly role: UsageRole;
  readonly stepId?: string;
  readonly messages: readonly BaseMessage[];
  /** The name under which prices know the model. */
  readonly model: string;
  readonly maxOutputTokens: number | undefined;
}

/** What a call needs so that it is limited, counted and reported. */
interface CallCounting {
  readonly budget: TurnBudget;
  readonly prices: Prices;
  readonly signal?: AbortSignal;
  readonly emit: Emit;
  readonly now: () => number;
}

/** A call that has begun and must be ended. */
export interface OpenCall extends Pick<ComingCall, "role" | "stepId"> {
  readonly reservation: Reservation;
  readonly startedAt: number;
  /** The id of the event that reported its start. */
  readonly eventId: string;
}

/**
 * Begins a call: reserves in the budget what it may use, and tells of it. If only the reservations of calls under way
 * leave no room, it waits for those calls. Throws a `LimitError` if a limit forbids the call.
 */
export async function beginCall(
  coming: ComingCall,
  { emit, now, ...limits }: CallCounting,
): Promise<OpenCall> {
  const { role, stepId, model } = coming;
  const reservation = await reserve(coming, limits);
  const eventId = emit({ type: "model.called", role, stepId, model });
  return { role, stepId, reservation, startedAt: now(), eventId };
}

async function reserve(
  { messages, model, maxOutputTokens = ASSUMED_OUTPUT_TOKENS }: ComingCall,
  { budget, signal }: Pick<CallCounting, "budget" | "signal">,
): Promise<Reservation> {
  const inputTokens = messages.reduce((sum, message) => sum + tokensIn(message), 0);
  for (;;) {
    const verdict = budget.reserve({ model, inputTokens, maxOutputTokens });
    if (verdict.ok) {
      return verdict.reservation;
    }
    if (!verdict.mayPass) {
      throw new LimitError(verdict.limit, verdict.message);
    }
    await raceSignal(budget.nextSettled(), signal);
  }
}

/** How a call ended. */
interface CallEnd {
  /** The tokens that the call used. Undefined if nobody says. */
  readonly tokens: TokenUsage | undefined;
  /** Whether they are an estimate of ours. @default false */
  readonly estimated?: boolean;
  /** Why the call failed; undefined if it did not. */
  readonly error?: string;
}

/** Ends a call: settles what was reserved, counts what the call used, and tells of it. */
export function endCall(
  { role, stepId, reservation, startedAt, eventId }: OpenCall,
  { tokens, estimated = tokens === undefined, error }: CallEnd,
  { budget, prices, emit, now }: CallCounting,
  meter: UsageMeter,
): void {
  const { model } = reservation;
  const counted = budget.settle(reservation, tokens);
  const usage = usageOfCall(
    { role, stepId, model, tokens: counted, estimated, failed: error !== undefined },
    prices,
  );
  meter.add(usage);
  const { costUsd } = usage;
  const durationMs = now() - startedAt;
  const told = { ...counted, costUsd, estimated };
  emit({ type: "model.returned", call: eventId, role, stepId, model, durationMs, usage: told, error });
}

/** Returns the tokens that a message reports, or undefined if it reports none or something that is not a count. */
export function tokensOf({
  usage_metadata: usage,
}: Pick<AIMessage, "usage_metadata">): TokenUsage | undefined {
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

/** Whether a value is a count. Compatible servers send anything as a count, but the state takes only whole numbers. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Estimates what a message takes. Attachments are billed by their size in pixels or pages, which nobody knows here. */
function tokensIn(message: BaseMessage): number {
  return estimateTokens(textBeside(message)) + TOKENS_PER_ATTACHMENT * attachmentsIn(message).length;
}
