import { expect, test } from "vitest";
import { createPlanExecuteAgent, KNOWN_PRICES, KNOWN_PRICES_DATE, OptionsError } from "../../src/index.js";
import { priceOf, priceSchema } from "../../src/usage/index.js";
import { ScriptedModel } from "../support/scripted-model.js";

test("every known price is a price, and its day is a day", () => {
  for (const [name, price] of Object.entries(KNOWN_PRICES)) {
    expect(priceSchema.strict().safeParse(price).success, name).toBe(true);
    expect(price.cachedInputPerMillion, name).toBeLessThan(price.inputPerMillion);
    expect(price.outputPerMillion, name).toBeGreaterThan(price.inputPerMillion);
  }
  expect(new Date(KNOWN_PRICES_DATE).toISOString()).toBe(`${KNOWN_PRICES_DATE}T00:00:00.000Z`);
});

test("they are found by a model's name with its provider and its date", () => {
  expect(priceOf("openai:gpt-4.1-mini", KNOWN_PRICES)).toBe(KNOWN_PRICES["gpt-4.1-mini"]);
  expect(priceOf("gpt-4.1-mini-2025-04-14", KNOWN_PRICES)).toBe(KNOWN_PRICES["gpt-4.1-mini"]);
  expect(priceOf("anthropic:claude-opus-4-5-20251101", KNOWN_PRICES)).toBe(KNOWN_PRICES["claude-opus-4-5"]);
});

test("a limit of dollars takes them, and a model that they do not know still has no price", () => {
  const limits = { maxCostUsd: 1 };
  const build = (name: string) => () => {
    const model = named(new ScriptedModel(() => "Hello."), name);
    return createPlanExecuteAgent({ model, limits, prices: KNOWN_PRICES });
  };
  expect(build("gpt-5-mini")).not.toThrow();
  expect(build("somebody-else")).toThrow(OptionsError);
});

/** A model under another name. */
function named(model: ScriptedModel, name: string): ScriptedModel {
  return Object.defineProperty(model, "model", { value: name });
}
