import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { priceOf } from "../../src/usage/index.js";
import { costOf, pricesSchema, roundUsd } from "../../src/usage/prices.js";

const price = (inputPerMillion: number) => ({ inputPerMillion, outputPerMillion: 0 });
const tokens = (inputTokens: number, outputTokens = 0, cachedInputTokens = 0) => ({
  inputTokens,
  outputTokens,
  cachedInputTokens,
  reasoningTokens: 0,
});

describe("costOf", () => {
  const full = { inputPerMillion: 2.5, outputPerMillion: 10, cachedInputPerMillion: 0.25 };

  it.each([
    ["input", tokens(1_000_000), 2.5],
    ["output", tokens(0, 1_000_000), 10],
    ["cached input", tokens(1_000_000, 0, 1_000_000), 0.25],
    ["all of them", tokens(1_000_000, 500_000, 400_000), 1.5 + 0.1 + 5],
    ["no more cached input than there is input", tokens(1000, 0, 5000), 0.00025],
    ["nothing", tokens(0), 0],
    ["one token", tokens(1), 0.000003],
  ])("counts %s", (_what, used, costUsd) => {
    expect(costOf(used, full)).toBeCloseTo(costUsd, 6);
  });

  it("counts cached input as other input where it has no price of its own, and at 0 where that is its price", () => {
    expect(costOf(tokens(1_000_000, 0, 1_000_000), price(4))).toBe(4);
    expect(costOf(tokens(1_000_000, 0, 1_000_000), { ...price(4), cachedInputPerMillion: 0 })).toBe(0);
  });

  it("counts reasoning as the output that it is part of, and not again", () => {
    expect(costOf({ ...tokens(0, 1_000_000), reasoningTokens: 1_000_000 }, full)).toBe(10);
  });

  it("rounds to the nano-dollar", () => {
    expect(costOf(tokens(1), { ...price(0.0015) })).toBe(2e-9);
    expect(costOf(tokens(1), { ...price(0.0014) })).toBe(1e-9);
    expect(costOf(tokens(3), price(0.1))).toBe(3e-7);
  });

  it("is the exact product, to the nano-dollar", () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), fc.integer({ min: 0, max: 100_000 }), (count, milliUsd) => {
        expect(Math.round(costOf(tokens(count), price(milliUsd / 1000)) * 1e9)).toBe(count * milliUsd);
      }),
    );
  });
});

describe("roundUsd", () => {
  it("keeps what is on the grid, and adds up on it exactly", () => {
    expect(roundUsd(0.1 + 0.2)).toBe(0.3);
    expect(roundUsd(1.0000000004)).toBe(1);
    expect(roundUsd(1.0000000006)).toBe(1.000000001);
  });
});

describe("priceOf", () => {
  it.each([
    ["the exact name", "gpt-5", { "gpt-5": price(1), "openai:gpt-5": price(2) }, 1],
    ["the exact name with its provider", "openai:gpt-5", { "gpt-5": price(1), "openai:gpt-5": price(2) }, 2],
    [
      "the exact name with its date",
      "gpt-5-2026-01-01",
      { "gpt-5": price(1), "gpt-5-2026-01-01": price(2) },
      2,
    ],
    ["the name without its provider", "openai:gpt-5", { "gpt-5": price(1) }, 1],
    ["a name that has a provider in the prices only", "gpt-5", { "openai:gpt-5": price(1) }, 1],
    ["the name without its date", "gpt-5-2026-01-01", { "gpt-5": price(1) }, 1],
    ["the name without provider and date", "openai:gpt-5-2026-01-01", { "gpt-5": price(1) }, 1],
    ["the name without date, with its provider", "openai:gpt-5-2026-01-01", { "openai:gpt-5": price(1) }, 1],
    ["a dated name, its provider in the prices only", "gpt-5-2026-01-01", { "openai:gpt-5": price(1) }, 1],
    ["a date without dashes", "claude-sonnet-4-5-20250929", { "claude-sonnet-4-5": price(1) }, 1],
    ["a date after an at sign", "claude-sonnet-4-5@20250929", { "claude-sonnet-4-5": price(1) }, 1],
    [
      "a dated name before an undated one",
      "openai:m-2026-01-01",
      { m: price(1), "m-2026-01-01": price(2) },
      2,
    ],
    ["a name with a colon of its own", "ollama:llama3:8b", { "llama3:8b": price(1) }, 1],
    ["the first where several providers have it", "m", { "a:m": price(1), "b:m": price(2) }, 1],
  ])("finds %s", (_what, model, prices, inputPerMillion) => {
    expect(priceOf(model, prices)?.inputPerMillion).toBe(inputPerMillion);
  });

  it.each([
    ["another model", "gpt-5-mini", { "gpt-5": price(1) }],
    ["another provider's model", "azure:gpt-5", { "openai:gpt-5": price(1) }],
    ["the undated of something that is no date", "gpt-5-2026", { "gpt-5": price(1) }],
    [
      "a date that does not end the name",
      "gpt-5-2026-01-01-preview",
      { "gpt-5": price(1), "gpt-5-preview": price(1) },
    ],
    ["a dated price for an undated model", "gpt-5", { "gpt-5-2026-01-01": price(1) }],
    ["what every object has", "constructor", {}],
    ["what every object has, with a provider", "openai:toString", {}],
    ["the prototype", "__proto__", {}],
    ["anything in no prices", "gpt-5", {}],
  ])("does not take %s", (_what, model, prices) => {
    expect(priceOf(model, prices)).toBe(undefined);
  });

  it("finds a price under __proto__ where there is one", () => {
    expect(priceOf("__proto__", Object.fromEntries([["__proto__", price(3)]]))).toEqual(price(3));
  });
});

describe("pricesSchema", () => {
  it("takes prices from 0, the one for cached input left out or not", () => {
    const prices = {
      free: price(0),
      cached: { inputPerMillion: 1, outputPerMillion: 2, cachedInputPerMillion: 0.1 },
    };
    expect(pricesSchema.parse(prices)).toEqual(prices);
    expect(pricesSchema.safeParse({ wrong: price(-1) }).success).toBe(false);
    expect(pricesSchema.safeParse({ wrong: { inputPerMillion: 1 } }).success).toBe(false);
  });
});
