import { z } from "zod";

const tokenCount = z.int().min(0);

/** The schema of the tokens of one model call, or of several. */
export const tokenUsageSchema = z.object({
  inputTokens: tokenCount.describe("Tokens that were sent, cached ones included."),
  outputTokens: tokenCount.describe("Tokens that came back, reasoning included."),
  cachedInputTokens: tokenCount.describe("Those of the input that the provider had in its cache."),
  reasoningTokens: tokenCount.describe("Those of the output that the model spent on reasoning."),
});

/** The tokens of one model call, or of several. */
export type TokenUsage = z.infer<typeof tokenUsageSchema>;

/** Returns zero of everything, the start of a sum. */
export function emptyTokenUsage(): TokenUsage {
  return { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };
}

export function addTokenUsage(left: TokenUsage, right: TokenUsage): TokenUsage {
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens,
    reasoningTokens: left.reasoningTokens + right.reasoningTokens,
  };
}

/** Roughly how many characters of English or code make a token. */
export const CHARACTERS_PER_TOKEN = 4;

/**
 * Estimates how many tokens a text takes: one for every four characters, but at least one for each word. Good enough
 * for limits: about right for English and code, too low for Chinese and other dense scripts.
 */
export function estimateTokens(text: string): number {
  const words = text.match(/\S+/g)?.length ?? 0;
  return Math.max(words, Math.ceil(text.length / CHARACTERS_PER_TOKEN));
}
