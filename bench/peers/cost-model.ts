/** What a model costs, in time and in money. */
export interface ModelCosts {
  /** Seconds from a request to the first token. */
  readonly firstTokenS: number;
  readonly tokensPerS: number;
  /** Dollars for a million tokens. */
  readonly inputUsd: number;
  readonly outputUsd: number;
}

/** The two models, by the names under which the server has them. */
export const models = {
  large: { firstTokenS: 0.5, tokensPerS: 50, inputUsd: 2.5, outputUsd: 10 },
  small: { firstTokenS: 0.25, tokensPerS: 100, inputUsd: 0.15, outputUsd: 0.6 },
} as const satisfies Readonly<Record<string, ModelCosts>>;

/** One of the two. */
export type ModelName = keyof typeof models;

/** Seconds until so many tokens of an answer have come. */
export function secondsUntil(model: ModelName, tokens: number): number {
  const { firstTokenS, tokensPerS } = models[model];
  return firstTokenS + tokens / tokensPerS;
}

/** Dollars for a call; nothing is taken off for input that a provider may have in its cache. */
export function usdOf(model: ModelName, inputTokens: number, outputTokens: number): number {
  const { inputUsd, outputUsd } = models[model];
  return (inputTokens * inputUsd + outputTokens * outputUsd) / 1_000_000;
}
