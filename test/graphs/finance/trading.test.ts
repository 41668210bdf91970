import { describe, expect, it } from "vitest";
import { toPriceTable } from "../../../graphs/finance/prices/price-table.js";
import type { Account } from "../../../graphs/finance/trading/account.js";
import { findOpportunities } from "../../../graphs/finance/trading/find-opportunities.js";
import { refuseOrder } from "../../../graphs/finance/trading/judge-order.js";
import type { Opportunity, StrategyName } from "../../../graphs/finance/trading/opportunity.js";
import { sizeOrders } from "../../../graphs/finance/trading/size-orders.js";
import { readSettings } from "../../../graphs/finance/trading/strategy-settings.js";
import { closesOf, straight } from "./finance-run.js";

const tableOf = (series: Readonly<Record<string, readonly number[]>>) =>
  toPriceTable(
    "prices.csv",
    Object.entries(series).flatMap(([symbol, closes]) =>
      closesOf(symbol, closes).map(([date, , close]) => ({ symbol, date, close })),
    ),
  );

describe("strategies", () => {
  const find = (closes: readonly number[], name: StrategyName, given: object = {}) => {
    const { opportunities, leftOut } = findOpportunities(
      tableOf({ A: closes }),
      ["A"],
      [name],
      readSettings(given),
    );
    return { side: opportunities[0]?.side, why: opportunities[0]?.reasons[0] ?? leftOut[0]?.reason };
  };

  it("rsi: buys below the oversold mark, sells above the overbought one, with the figure", () => {
    // Rises of 1 and falls of 3 in turn over 4 changes: gains 2/4, losses 6/4, so 100 - 100 / (1 + 1/3) = 25.
    const closes = [10, 11, 8, 9, 6];
    expect(find(closes, "rsi", { rsiPeriod: 4 })).toEqual({
      side: "buy",
      why: "rsi: RSI(4) is 25.00, below 30 (oversold)",
    });
    expect(find(closes, "rsi", { rsiPeriod: 4, oversold: 25 }).side).toBeUndefined();
    expect(find([6, 9, 8, 11, 10], "rsi", { rsiPeriod: 4 })).toEqual({
      side: "sell",
      why: "rsi: RSI(4) is 75.00, above 70 (overbought)",
    });
    expect(find([1, 2, 3], "rsi").why).toBe("rsi: it has 3 days of prices, and 15 are needed");
  });

  it("crossover: buys where the short average crossed above the long one within some days", () => {
    // Averages of 2 and 3 by hand: 8.5 and 9, 8 and 8.33, then 9.5 and 9: crossed on the last day.
    const closes = [10, 9, 8, 8, 11];
    const given = { averageFast: 2, averageSlow: 3, within: 1 };
    expect(find(closes, "crossover", given)).toEqual({
      side: "buy",
      why: "crossover: the 2-day average crossed above the 3-day average on 2026-01-05 (now 9.50 and 9.00)",
    });
    expect(find([...closes, 12], "crossover", given).why).toContain(
      "is above the 3-day average, and did not cross",
    );
    expect(find([...closes, 12], "crossover", { ...given, within: 2 }).side).toBe("buy");
    expect(find([10, 11, 12, 12, 9], "crossover", given).side).toBe("sell");
  });

  it("crossover: takes no touch for a crossing", () => {
    // Averages of 2 and 3 by hand: above, equal on the fourth day (9 and 9), above again.
    expect(find([6, 9, 12, 6, 24, 25], "crossover", { averageFast: 2, averageSlow: 3 }).side).toBeUndefined();
  });

  it("macd: sells where the line fell below its signal", () => {
    const closes = [...straight(10, 1, 20), ...straight(28, -2, 4)];
    const given = { macdFast: 3, macdSlow: 6, macdSignal: 3 };
    expect(find(closes, "macd", given)).toMatchObject({
      side: "sell",
      why: expect.stringContaining("crossed below its signal(3)"),
    });
    expect(find(closes.slice(0, 8), "macd", given).why).toContain("8 days of prices, and 9 are needed");
  });

  it("that contradict each other give no opportunity, those that agree come first", () => {
    const table = tableOf({
      BOTH: [10, 9, 8, 8, 11],
      RISEN: [10, 11, 12, 13, 14],
      FALLEN: [14, 13, 12, 11, 10],
    });
    const settings = readSettings({ rsiPeriod: 4, averageFast: 2, averageSlow: 3, overbought: 55 });
    const { opportunities, leftOut } = findOpportunities(
      table,
      ["BOTH", "RISEN", "FALLEN"],
      ["rsi", "crossover"],
      settings,
    );
    // BOTH: gains 3 and losses 2 over 4 changes make an RSI of 60, which says sell here, where the crossing says buy.
    expect(leftOut).toEqual([{ symbol: "BOTH", reason: expect.stringContaining("contradict each other") }]);
    expect(opportunities.map(({ symbol, side }) => `${side} ${symbol}`)).toEqual([
      "sell RISEN",
      "buy FALLEN",
    ]);
  });

  it("refuse settings that contradict each other", () => {
    expect(() => readSettings({ macdFast: 30 })).toThrow("macdFast must be shorter");
    expect(() => readSettings({ oversold: 80 })).toThrow("oversold must be below");
  });
});

describe("the risk policy", () => {
  // 20 days that fall by 1 to 81: an average true range of 1, so a fall of 2.
  const table = tableOf({
    A: straight(100, -1, 20),
    B: straight(100, -1, 20),
    NEW: straight(100, -1, 14),
    WILD: [...straight(100, 0, 5), ...Array.from({ length: 16 }, (_, at) => (at % 2 === 0 ? 50 : 100))],
  });
  const account = (cash: number, held: Readonly<Record<string, number>> = {}): Account => ({
    cashCents: cash * 100,
    positions: new Map(
      Object.entries(held).map(([symbol, quantity]) => [symbol, { quantity, costCents: quantity * 100 }]),
    ),
  });
  const size = (opportunities: readonly Partial<Opportunity>[], of: Account, limits: object = {}) =>
    sizeOrders(
      opportunities.map((given) => ({ symbol: "A", side: "buy", reasons: [], ...given })),
      { account: of, table, limits: { maxPosition: 0.2, riskLimit: 0.02, ...limits } },
    );

  it("buys as much as maxPosition allows: a share of the equity, at the latest close", () => {
    // 20 % of 100,000 is 20,000: 246 shares at 81 are 19,926, 247 would be 20,007.
    expect(size([{}], account(100_000)).orders).toMatchObject([
      { quantity: 246, price: 81, date: "2026-01-20" },
    ]);
  });

  it("buys as much as riskLimit allows: what a fall of two average true ranges may cost", () => {
    // 0.2 % of 100,000 is 200: 100 shares that fall by 2.
    expect(size([{}], account(100_000), { riskLimit: 0.002 }).orders[0]?.quantity).toBe(100);
  });

  it("counts what is held already, in both limits", () => {
    // Equity is 91,900 + 100 at 81 = 100,000: 246 may be held, so 146 more.
    expect(size([{}], account(91_900, { A: 100 })).orders[0]?.quantity).toBe(146);
    expect(size([{}], account(91_900, { A: 100 }), { riskLimit: 0.002 }).refused).toMatchObject([
      { symbol: "A", reason: expect.stringContaining("100 are held already") },
    ]);
  });

  it("spends no more cash than there is, over all orders, and none that sales are to bring", () => {
    // Equity is 1,000 + 200 at 81 = 17,200; all of it may stand in one symbol here. 1,000 buys 12 of A; 28 are left.
    const limits = { maxPosition: 1, riskLimit: 1 };
    const { orders, refused } = size(
      [{ symbol: "B", side: "sell" }, {}, {}],
      account(1_000, { B: 200 }),
      limits,
    );
    expect(orders.map(({ symbol, side, quantity }) => [side, quantity, symbol])).toEqual([
      ["sell", 200, "B"],
      ["buy", 12, "A"],
    ]);
    expect(refused).toEqual([{ symbol: "A", side: "buy", reason: "there is 28.00 in cash" }]);
  });

  it("cuts what was wanted to what may be, and says from what and why", () => {
    const { orders, cut } = size([{ quantity: 1_000 }], account(100_000));
    expect(orders[0]?.quantity).toBe(246);
    expect(cut).toEqual([
      {
        symbol: "A",
        wanted: 1_000,
        quantity: 246,
        reason: expect.stringContaining("maxPosition allows 20 %"),
      },
    ]);
    expect(size([{ quantity: 7 }], account(100_000)).orders[0]?.quantity).toBe(7);
  });

  it("sells what is held, and nothing short", () => {
    const held = account(0, { A: 5 });
    expect(size([{ side: "sell" }], held).orders[0]?.quantity).toBe(5);
    expect(size([{ side: "sell", quantity: 9 }], held).cut).toMatchObject([{ wanted: 9, quantity: 5 }]);
    expect(size([{ side: "sell" }], account(100)).refused).toMatchObject([
      { reason: expect.stringContaining("sold short") },
    ]);
  });

  it("buys nothing whose risk cannot be measured, and less of what moves more", () => {
    expect(size([{ symbol: "NEW" }], account(100_000)).refused).toMatchObject([
      { reason: "its risk cannot be measured with fewer than 15 days of prices" },
    ]);
    expect(size([{ symbol: "WILD" }], account(100_000)).orders[0]?.quantity).toBeLessThan(40);
  });

  it("refuses one share more than may be, and takes the last one", () => {
    const situation = { account: account(100_000), table, limits: { maxPosition: 0.2, riskLimit: 0.02 } };
    expect(refuseOrder({ symbol: "A", side: "buy", quantity: 246 }, situation)).toBeUndefined();
    expect(refuseOrder({ symbol: "A", side: "buy", quantity: 247 }, situation)).toContain(
      "To buy 247 A is more than the 246 that may be: maxPosition allows 20 % of the equity of 100,000.00",
    );
    expect(refuseOrder({ symbol: "A", side: "sell", quantity: 1 }, situation)).toContain(
      "nothing is sold short",
    );
  });
});
