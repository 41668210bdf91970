import { costOf, type Prices, priceOf } from "./prices.js";
import { emptyTokenUsage, type TokenUsage } from "./token-usage.js";
import { emptyUsage, type Usage, type UsageCount, type UsageRole } from "./usage.js";

/** One model call that has ended. */
export interface ModelCall {
  /** For what the model was called. */
  readonly role: UsageRole;
  /** The step for which it was called, if for one. */
  readonly stepId?: string;
  /** The model's name, with or without its provider. */
  readonly model: string;
  /** What it used. @default nothing */
  readonly tokens?: TokenUsage;
  /** Whether it failed. @default false */
  readonly failed?: boolean;
}

/** The usage of one model call. */
export function usageOfCall(
  { role, stepId, model, tokens = emptyTokenUsage(), failed = false }: ModelCall,
  prices: Prices,
): Usage {
  const price = priceOf(model, prices);
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = tokens;
  const count: UsageCount = {
    calls: 1,
    failedCalls: failed ? 1 : 0,
    inputTokens,
    outputTokens,
    cachedInputTokens,
    reasoningTokens,
    costUsd: price === undefined ? null : costOf(tokens, price),
  };
  return {
    ...count,
    byRole: { ...emptyUsage().byRole, [role]: count },
    byStep: Object.fromEntries(stepId === undefined ? [] : [[stepId, count]]),
  };
}
