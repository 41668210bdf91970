import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TurnBudgetOptions } from "../../src/usage/budget.js";
import {
  createTurnBudget,
  emptyTokenUsage,
  type Limits,
  type Reservation,
  type TurnBudget,
} from "../../src/usage/index.js";
import type { PlannedCall } from "../../src/usage/limits.js";

const prices = { large: { inputPerMillion: 1, outputPerMillion: 10 } };
/** 100 in, 50 out: 150 tokens, 0.0006 dollars. */
const call = { model: "large", inputTokens: 100, maxOutputTokens: 50 };
const used = { ...emptyTokenUsage(), inputTokens: 90, outputTokens: 10 };

function budgetOf(limits: Limits, options: Partial<TurnBudgetOptions> = {}): TurnBudget {
  return createTurnBudget(limits, { prices, now: () => 0, startedAt: 0, ...options });
}

function reserved(budget: TurnBudget, planned: PlannedCall = call): Reservation {
  const verdict = budget.reserve(planned);
  if (!verdict.ok) {
    throw new Error(verdict.message);
  }
  return verdict.reservation;
}

describe("createTurnBudget", () => {
  it("without limits allows everything, priced or not", () => {
    const budget = budgetOf({}, { now: () => Number.MAX_SAFE_INTEGER });
    for (let calls = 0; calls < 100; calls += 1) {
      expect(budget.reserve(call).ok).toBe(true);
    }
    expect(budget.reserve({ ...call, model: "unheard-of", inputTokens: 1e12 }).ok).toBe(true);
  });

  it("counts nothing until a call is settled, and then what it used", () => {
    const budget = budgetOf({});
    const none = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };
    expect(budget.spent()).toEqual(none);
    const reservation = reserved(budget);
    expect(budget.spent()).toEqual(none);
    expect(budget.settle(reservation, used)).toEqual(used);
    expect(budget.spent()).toEqual({ calls: 1, inputTokens: 90, outputTokens: 10, costUsd: 0.00019 });
    budget.settle(reserved(budget), used);
    expect(budget.spent()).toEqual({ calls: 2, inputTokens: 180, outputTokens: 20, costUsd: 0.00038 });
  });

  it("goes on from what was spent before", () => {
    const spent = { calls: 3, inputTokens: 10, outputTokens: 20, costUsd: 0.5 };
    const budget = budgetOf({}, { spent });
    expect(budget.spent()).toEqual(spent);
    budget.settle(reserved(budget), used);
    expect(budget.spent()).toEqual({ calls: 4, inputTokens: 100, outputTokens: 30, costUsd: 0.50019 });
    expect(spent.calls).toBe(3);
  });

  it("counts the estimated input of a call that did not say what it used", () => {
    const budget = budgetOf({});
    expect(budget.settle(reserved(budget), undefined)).toEqual({ ...emptyTokenUsage(), inputTokens: 100 });
    expect(budget.spent()).toEqual({ calls: 1, inputTokens: 100, outputTokens: 0, costUsd: 0.0001 });
  });

  it("does not know what it spent once a model without a price was called", () => {
    const budget = budgetOf({});
    budget.settle(reserved(budget, { ...call, model: "unheard-of" }), used);
    budget.settle(reserved(budget), used);
    expect(budget.spent()).toEqual({ calls: 2, inputTokens: 180, outputTokens: 20, costUsd: null });
  });

  it("tells in a reservation what it is for and what it can cost", () => {
    const budget = budgetOf({});
    expect(reserved(budget)).toEqual({ ...call, costUsd: 0.0006 });
    expect(reserved(budget, { model: "unheard-of", inputTokens: 7 })).toEqual({
      model: "unheard-of",
      inputTokens: 7,
      maxOutputTokens: 0,
      costUsd: null,
    });
  });

  it("(2) settles a reservation once", () => {
    const budget = budgetOf({});
    const reservation = reserved(budget);
    budget.settle(reservation, used);
    expect(budget.settle(reservation, used)).toEqual(emptyTokenUsage());
    expect(budget.spent().calls).toBe(1);
  });

  it("(2) gives back what a call did not use", () => {
    const budget = budgetOf({ maxTokens: 250 });
    const first = reserved(budget);
    expect(budget.reserve(call).ok).toBe(false);
    budget.settle(first, used);
    expect(budget.reserve(call).ok).toBe(true);
  });
});

describe("maxModelCalls", () => {
  const refusal = {
    ok: false,
    limit: "maxModelCalls",
    mayPass: false,
    message:
      "The turn has made 2 of 2 model calls, those under way included. Raise limits.maxModelCalls to allow more.",
  };

  it("(1, 3) allows that many, those under way included", () => {
    const budget = budgetOf({ maxModelCalls: 2 });
    budget.settle(reserved(budget), used);
    reserved(budget);
    expect(budget.reserve(call)).toEqual(refusal);
  });

  it("counts what was spent before", () => {
    const spent = { calls: 2, inputTokens: 0, outputTokens: 0, costUsd: 0 };
    expect(budgetOf({ maxModelCalls: 2 }, { spent }).reserve(call)).toEqual(refusal);
  });
});

describe("(4) a call that only reservations stand against", () => {
  const limits = { maxTokens: 250 };

  it("may pass when one of them ends, and not where it would be too large even then", () => {
    const budget = budgetOf(limits);
    reserved(budget);
    expect(budget.reserve(call)).toMatchObject({ ok: false, mayPass: true });
    expect(budget.reserve({ ...call, inputTokens: 300 })).toMatchObject({ ok: false, mayPass: false });
  });

  it("is told of the next end", async () => {
    const budget = budgetOf(limits);
    const reservation = reserved(budget);
    const settled = budget.nextSettled();
    budget.settle(reservation, { ...emptyTokenUsage(), inputTokens: 1 });
    await settled;
    expect(budget.reserve(call).ok).toBe(true);
  });
});

describe("maxTokens", () => {
  it("(1, 3) allows exactly as many, input and output, used and reserved", () => {
    const spent = { calls: 1, inputTokens: 30, outputTokens: 20, costUsd: 0 };
    expect(budgetOf({ maxTokens: 350 }, { spent }).reserve(call).ok).toBe(true);
    const budget = budgetOf({ maxTokens: 349 }, { spent });
    reserved(budget);
    expect(budget.reserve(call)).toEqual({
      ok: false,
      limit: "maxTokens",
      mayPass: true,
      message:
        'The next call to "large" may take 150 tokens. The turn has used or reserved 200 of 349. Raise limits.maxTokens, or lower the model\'s output limit.',
    });
    expect(budget.reserve({ ...call, maxOutputTokens: 49 }).ok).toBe(true);
  });

  it("counts no output of a call that does not say how much may come back", () => {
    expect(budgetOf({ maxTokens: 100 }).reserve({ model: "large", inputTokens: 100 }).ok).toBe(true);
    expect(budgetOf({ maxTokens: 99 }).reserve({ model: "large", inputTokens: 100 }).ok).toBe(false);
  });
});

describe("maxCostUsd", () => {
  it("(1, 3) allows exactly as much, used and reserved", () => {
    const spent = { calls: 1, inputTokens: 0, outputTokens: 0, costUsd: 0.001 };
    const budget = budgetOf({ maxCostUsd: 0.0022 }, { spent });
    reserved(budget);
    reserved(budget);
    expect(budget.reserve({ model: "large", inputTokens: 1 })).toEqual({
      ok: false,
      limit: "maxCostUsd",
      mayPass: true,
      message:
        'The next call to "large" may cost 0.000001 USD. The turn has used or reserved 0.0022 of 0.0022 USD. Raise limits.maxCostUsd, or lower the model\'s output limit.',
    });
  });

  it("is not thrown off by how binary fractions add up", () => {
    const spent = { calls: 1, inputTokens: 0, outputTokens: 0, costUsd: 0.2 };
    const budget = budgetOf({ maxCostUsd: 0.3 }, { spent });
    expect(budget.reserve({ model: "large", inputTokens: 100_000 }).ok).toBe(true);
  });

  it("(4) refuses a model without a price, and says what to set", () => {
    expect(budgetOf({ maxCostUsd: 1 }).reserve({ ...call, model: "unheard-of" })).toEqual({
      ok: false,
      limit: "maxCostUsd",
      mayPass: false,
      message:
        'The price of "unheard-of" is not known, so limits.maxCostUsd cannot be kept. Set prices["unheard-of"], or leave maxCostUsd out.',
    });
  });

  it("(4) refuses where it is not known what the turn has cost so far", () => {
    const spent = { calls: 1, inputTokens: 0, outputTokens: 0, costUsd: null };
    expect(budgetOf({ maxCostUsd: 1 }, { spent }).reserve(call)).toEqual({
      ok: false,
      limit: "maxCostUsd",
      mayPass: false,
      message:
        "The turn has called a model whose price is not known, so limits.maxCostUsd cannot be kept. Set prices for every model, or leave maxCostUsd out.",
    });
  });

  it("allows a model that is free although the money is spent", () => {
    const free = { ...prices, local: { inputPerMillion: 0, outputPerMillion: 0 } };
    const spent = { calls: 1, inputTokens: 0, outputTokens: 0, costUsd: 1 };
    const budget = budgetOf({ maxCostUsd: 1 }, { spent, prices: free });
    expect(budget.reserve({ ...call, model: "local" }).ok).toBe(true);
    expect(budget.reserve(call).ok).toBe(false);
  });
});

describe("maxDurationMs", () => {
  it("(3) allows calls until the time is over, by the clock that it is given", () => {
    let now = 5000;
    const budget = budgetOf({ maxDurationMs: 1000 }, { now: () => now, startedAt: 5000 });
    now = 5999;
    expect(budget.reserve(call).ok).toBe(true);
    now = 6000;
    expect(budget.reserve(call)).toEqual({
      ok: false,
      limit: "maxDurationMs",
      mayPass: false,
      message: "The turn has run for 1000 of 1000 ms. Raise limits.maxDurationMs to give it more time.",
    });
  });
});

describe("any limits", () => {
  it("(1) are never passed, however calls run side by side, where calls keep to what they reserved", () => {
    const action = fc.record({
      settles: fc.boolean(),
      inputTokens: fc.nat({ max: 300 }),
      maxOutputTokens: fc.nat({ max: 300 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const anyLimits = fc.record({
      maxModelCalls: fc.integer({ min: 1, max: 20 }),
      maxTokens: fc.integer({ min: 1, max: 5000 }),
      maxCostUsd: fc.double({ min: 0.0001, max: 0.02, noNaN: true }),
    });
    fc.assert(
      fc.property(anyLimits, fc.array(action, { maxLength: 60 }), (limits, actions) => {
        const budget = budgetOf(limits);
        const open: Reservation[] = [];
        const settleFirst = (share: number) => {
          const reservation = open.shift();
          if (reservation === undefined) {
            return;
          }
          budget.settle(reservation, {
            ...emptyTokenUsage(),
            inputTokens: Math.floor(reservation.inputTokens * share),
            outputTokens: Math.floor(reservation.maxOutputTokens * share),
          });
        };
        for (const { settles, share, ...planned } of actions) {
          const verdict = budget.reserve({ model: "large", ...planned });
          if (verdict.ok) {
            open.push(verdict.reservation);
          }
          if (settles) {
            settleFirst(share);
          }
        }
        while (open.length > 0) {
          settleFirst(1);
        }
        const { calls, inputTokens, outputTokens, costUsd } = budget.spent();
        expect(calls).toBeLessThanOrEqual(limits.maxModelCalls);
        expect(inputTokens + outputTokens).toBeLessThanOrEqual(limits.maxTokens);
        expect(costUsd).toBeLessThanOrEqual(limits.maxCostUsd);
      }),
      { numRuns: 300 },
    );
  });
});
