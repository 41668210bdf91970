import { roundUsd } from "./prices.js";

/** How much a turn may use; what is left out has no limit. */
export interface Limits {
  /** Model calls, each attempt counted once. @default no limit */
  readonly maxModelCalls?: number;
  /** Input and output tokens together. @default no limit */
  readonly maxTokens?: number;
  /** US dollars; every model needs a price then. @default no limit */
  readonly maxCostUsd?: number;
  /** Steps that are begun: each item of a for-each step, and each call that began early, counts. @default no limit */
  readonly maxSteps?: number;
  /** Milliseconds from the turn's beginning. @default no limit */
  readonly maxDurationMs?: number;
}

/** The name of a limit. */
export type LimitName = keyof Limits;

/** A model call that is about to be made. */
export interface PlannedCall {
  /** The model's name, with or without its provider. */
  readonly model: string;
  /** Roughly how many tokens are sent; see `estimateTokens`. */
  readonly inputTokens: number;
  /** The most tokens that may come back. @default 0: they count once they are known */
  readonly maxOutputTokens?: number;
}

/** A planned call with the most that it can cost. */
export interface PricedCall extends Required<PlannedCall> {
  /** US dollars; null if the model's price is not known. */
  readonly costUsd: number | null;
}

/** What a turn has used, together with what is reserved for the calls under way. */
export interface Commitment {
  readonly elapsedMs: number;
  readonly calls: number;
  readonly tokens: number;
  /** US dollars; null if a model was called whose price is not known. */
  readonly costUsd: number | null;
}

/** Whose limits they are, in the words of a refusal. */
export interface LimitOwner {
  /** Who has used something: "The turn has". */
  readonly subject: string;
  /** Where the limits were set: "limits". */
  readonly option: string;
}

/** Why the limits do not allow a call. */
export interface Refusal {
  readonly ok: false;
  /** The limit that the call would exceed. */
  readonly limit: LimitName;
  /** For people: what happened, and what to do about it. */
  readonly message: string;
}

/** Says why a call must not be made on top of what is committed; undefined if it may be made. */
export function findRefusal(
  limits: Limits,
  committed: Commitment,
  call: PricedCall,
  owner: LimitOwner,
): Refusal | undefined {
  return (
    overDuration(limits, committed) ??
    overModelCalls(limits, committed, owner) ??
    overTokens(limits, committed, call, owner) ??
    overCost(limits, committed, call, owner)
  );
}

function refuse(limit: LimitName, happened: string, next: string): Refusal {
  return { ok: false, limit, message: `${happened} ${next}` };
}

function overDuration({ maxDurationMs }: Limits, { elapsedMs }: Commitment): Refusal | undefined {
  if (maxDurationMs === undefined || elapsedMs < maxDurationMs) {
    return undefined;
  }
  return refuse(
    "maxDurationMs",
    `The turn has run for ${elapsedMs} of ${maxDurationMs} ms.`,
    "Raise limits.maxDurationMs to give it more time.",
  );
}

function overModelCalls(
  { maxModelCalls }: Limits,
  { calls }: Commitment,
  { subject, option }: LimitOwner,
): Refusal | undefined {
  if (maxModelCalls === undefined || calls < maxModelCalls) {
    return undefined;
  }
  return refuse(
    "maxModelCalls",
    `${subject} made ${calls} of ${maxModelCalls} model calls, those under way included.`,
    `Raise ${option}.maxModelCalls to allow more.`,
  );
}

function overTokens(
  { maxTokens }: Limits,
  { tokens }: Commitment,
  call: PricedCall,
  { subject, option }: LimitOwner,
): Refusal | undefined {
  const needed = call.inputTokens + call.maxOutputTokens;
  if (maxTokens === undefined || tokens + needed <= maxTokens) {
    return undefined;
  }
  return refuse(
    "maxTokens",
    `The next call to "${call.model}" may take ${needed} tokens. ${subject} used or reserved ${tokens} of ${maxTokens}.`,
    `Raise ${option}.maxTokens, or lower the model's output limit.`,
  );
}

function overCost(
  { maxCostUsd }: Limits,
  { costUsd }: Commitment,
  call: PricedCall,
  { subject, option }: LimitOwner,
): Refusal | undefined {
  if (maxCostUsd === undefined) {
    return undefined;
  }
  if (call.costUsd === null) {
    return refuse(
      "maxCostUsd",
      `The price of "${call.model}" is not known, so ${option}.maxCostUsd cannot be kept.`,
      `Set prices["${call.model}"], or leave maxCostUsd out.`,
    );
  }
  if (costUsd === null) {
    return refuse(
      "maxCostUsd",
      `${subject} called a model whose price is not known, so ${option}.maxCostUsd cannot be kept.`,
      "Set prices for every model, or leave maxCostUsd out.",
    );
  }
  if (roundUsd(costUsd + call.costUsd) <= maxCostUsd) {
    return undefined;
  }
  return refuse(
    "maxCostUsd",
    `The next call to "${call.model}" may cost ${call.costUsd} USD. ${subject} used or reserved ${costUsd} of ${maxCostUsd} USD.`,
    `Raise ${option}.maxCostUsd, or lower the model's output limit.`,
  );
}
