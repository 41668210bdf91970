import { z } from "zod";
import type { TokenUsage } from "./tokens.js";

const usdPerMillion = z.number().min(0);

/** The schema of a model's price, in US dollars per million tokens. */
export const priceSchema = z.object({
  inputPerMillion: usdPerMillion.describe("Dollars for a million input tokens."),
  outputPerMillion: usdPerMillion.describe("Dollars for a million output tokens, reasoning included."),
  cachedInputPerMillion: usdPerMillion
    .optional()
    .describe("Dollars for a million input tokens out of the provider's cache. Left out: as other input."),
});

/** The price of a model, in US dollars per million tokens. */
export type Price = z.infer<typeof priceSchema>;

/** The schema of prices by the model's name, with or without its provider: "gpt-5", "openai:gpt-5". */
export const pricesSchema = z.record(z.string(), priceSchema);

/** Prices by the model's name, with or without its provider. */
export type Prices = Readonly<Record<string, Price>>;

const NANO_DOLLARS = 1e9;

/**
 * Rounds a sum of money to whole nano-dollars. On this grid sums below a million dollars are exact, so the total is the
 * same in whatever order calls are added up.
 */
export function roundUsd(usd: number): number {
  return Math.round(usd * NANO_DOLLARS) / NANO_DOLLARS;
}

/** Computes what tokens cost, to the nano-dollar. */
export function costOf(tokens: TokenUsage, price: Price): number {
  const cached = Math.min(tokens.cachedInputTokens, tokens.inputTokens);
  const perMillion =
    (tokens.inputTokens - cached) * price.inputPerMillion +
    cached * (price.cachedInputPerMillion ?? price.inputPerMillion) +
    tokens.outputTokens * price.outputPerMillion;
  return roundUsd(perMillion / 1e6);
}

/**
 * Finds the price of a model: first under its exact name, then ignoring the provider on either side, then both again
 * for its name without a date, as in "gpt-5-2026-01-01".
 */
export function priceOf(model: string, prices: Prices): Price | undefined {
  return findPrice(model, prices) ?? findPrice(withoutDate(model), prices);
}

function findPrice(model: string, prices: Prices): Price | undefined {
  const names = [model, withoutProvider(model)];
  const name =
    names.find((candidate) => Object.hasOwn(prices, candidate)) ??
    Object.keys(prices).find((candidate) => withoutProvider(candidate) === model);
  return name === undefined ? undefined : prices[name];
}

function withoutProvider(model: string): string {
  return model.slice(model.indexOf(":") + 1);
}

function withoutDate(model: string): string {
  return model.replace(/[-@](\d{4}-\d{2}-\d{2}|\d{8})$/, "");
}
