import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { raceSignal } from "../base/index.js";
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

/** About what providers count for a picture of usual size. */
const TOKENS_PER_ATTACHMENT = 1_000;
/** The output tokens to reserve if nothing limits the length of the answer. */
const ASSUMED_OUTPUT_TOKENS = 1_000;

/** A call that is about to be made. */
interface ComingCall {
  readonly messages: readonly BaseMessage[];
  /** The name under which prices know the model. */
  readonly model: string;
  readonly maxOutputTokens: number | undefined;
}

/**
 * Reserves in the budget what a call may use. If only the reservations of calls under way leave no room, it waits for
 * those calls. Throws a `LimitError` if a limit forbids the call.
 */
export async function reserveCall(
  { messages, model, maxOutputTokens = ASSUMED_OUTPUT_TOKENS }: ComingCall,
  { budget, signal }: { readonly budget: TurnBudget; readonly signal?: AbortSignal },
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

/** What an ended call was. */
interface EndedCall {
  readonly role: UsageRole;
  readonly stepId?: string;
  readonly reservation: Reservation;
  /** The tokens that the call reported, if it did. */
  readonly tokens: TokenUsage | undefined;
  readonly failed: boolean;
}

/** Settles what was reserved for a call, and counts what the call used. */
export function settleCall(
  { role, stepId, reservation, tokens, failed }: EndedCall,
  { budget, prices }: { readonly budget: TurnBudget; readonly prices: Prices },
  meter: UsageMeter,
): void {
  const counted = budget.settle(reservation, tokens);
  meter.add(usageOfCall({ role, stepId, model: reservation.model, tokens: counted, failed }, prices));
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
