/** What a model costs, in time and in money. */
export interface ModelCosts {
  /** Seconds from a request to the first token. */
  readonly firstTokenS: number;
  readonly tokensPerS: number;
  /** Dollars for a million tokens. */
  readonly inputUsd: number;
  readonly outputUsd: number;
}

/** The two models, by their names on the server. */
export const models = {
  large: { firstTokenS: 0.5, tokensPerS: 50, inputUsd: 2.5, outputUsd: 10 },
  small: { firstTokenS: 0.25, tokensPerS: 100, inputUsd: 0.15, outputUsd: 0.6 },
} as const satisfies Readonly<Record<string, ModelCosts>>;

export type ModelName = keyof typeof models;

/** Seconds until this many tokens of an answer have arrived. */
export function secondsUntil(model: ModelName, tokens: number): number {
  const { firstTokenS, tokensPerS } = models[model];
  return firstTokenS + tokens / tokensPerS;
}

/** Dollars for a call. There is no discount for input that a provider may have in its cache. */
export function usdOf(model: ModelName, inputTokens: number, outputTokens: number): number {
  const { inputUsd, outputUsd } = models[model];
  return (inputTokens * inputUsd + outputTokens * outputUsd) / 1_000_000;
}
