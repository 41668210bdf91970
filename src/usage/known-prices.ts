import type { Prices } from "./prices.js";

/** The day to which `KNOWN_PRICES` go back. */
export const KNOWN_PRICES_DATE = "2026-10-16";

/**
 * List prices of well-known models, without batch and priority rates and without the higher rates of very long prompts
 * (over 200,000 tokens). Anthropic's are from platform.claude.com; OpenAI's are those on which two tables by others
 * agree. Nobody has held them against a bill. Nothing uses them unasked, because prices change: give `prices:
 * KNOWN_PRICES`, or replace those that are no longer right.
 */
export const KNOWN_PRICES = {
  "gpt-5.6-terra": { inputPerMillion: 2, cachedInputPerMillion: 0.2, outputPerMillion: 12 },
  "gpt-5.6-luna": { inputPerMillion: 0.2, cachedInputPerMillion: 0.02, outputPerMillion: 1.2 },
  "gpt-5.5": { inputPerMillion: 5, cachedInputPerMillion: 0.5, outputPerMillion: 30 },
  "gpt-5.4": { inputPerMillion: 2.5, cachedInputPerMillion: 0.25, outputPerMillion: 15 },
  "gpt-5.4-mini": { inputPerMillion: 0.75, cachedInputPerMillion: 0.075, outputPerMillion: 4.5 },
  "gpt-5.4-nano": { inputPerMillion: 0.2, cachedInputPerMillion: 0.02, outputPerMillion: 1.25 },
  "gpt-5": { inputPerMillion: 1.25, cachedInputPerMillion: 0.125, outputPerMillion: 10 },
  "gpt-5-mini": { inputPerMillion: 0.25, cachedInputPerMillion: 0.025, outputPerMillion: 2 },
  "gpt-5-nano": { inputPerMillion: 0.05, cachedInputPerMillion: 0.005, outputPerMillion: 0.4 },
  "gpt-4.1": { inputPerMillion: 2, cachedInputPerMillion: 0.5, outputPerMillion: 8 },
  "gpt-4.1-mini": { inputPerMillion: 0.4, cachedInputPerMillion: 0.1, outputPerMillion: 1.6 },
  "gpt-4.1-nano": { inputPerMillion: 0.1, cachedInputPerMillion: 0.025, outputPerMillion: 0.4 },
  "gpt-4o": { inputPerMillion: 2.5, cachedInputPerMillion: 1.25, outputPerMillion: 10 },
  "gpt-4o-mini": { inputPerMillion: 0.15, cachedInputPerMillion: 0.075, outputPerMillion: 0.6 },
  "claude-opus-5-5": { inputPerMillion: 4, cachedInputPerMillion: 0.2, outputPerMillion: 20 },
  "claude-opus-5": { inputPerMillion: 5, cachedInputPerMillion: 0.5, outputPerMillion: 25 },
  "claude-sonnet-5-5": { inputPerMillion: 2, cachedInputPerMillion: 0.1, outputPerMillion: 10 },
  "claude-sonnet-5": { inputPerMillion: 2, cachedInputPerMillion: 0.2, outputPerMillion: 10 },
  "claude-opus-4-6": { inputPerMillion: 5, cachedInputPerMillion: 0.5, outputPerMillion: 25 },
  "claude-opus-4-5": { inputPerMillion: 5, cachedInputPerMillion: 0.5, outputPerMillion: 25 },
  "claude-sonnet-4-6": { inputPerMillion: 3, cachedInputPerMillion: 0.3, outputPerMillion: 15 },
  "claude-sonnet-4-5": { inputPerMillion: 3, cachedInputPerMillion: 0.3, outputPerMillion: 15 },
  "claude-haiku-4-5": { inputPerMillion: 1, cachedInputPerMillion: 0.1, outputPerMillion: 5 },
} satisfies Prices;
