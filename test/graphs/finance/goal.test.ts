import { describe, expect, it } from "vitest";
import { isFinanceGoal, readGoal } from "../../../graphs/finance/goal/read-goal.js";
import { playbook } from "../../../graphs/finance/playbook.js";

describe("a goal in plain words", () => {
  it.each([
    ["Find opportunities with the rsi strategy", ["rsi"]],
    ["Work out RSI and MACD, and find opportunities by the crossover strategy", ["crossover"]],
    ["Trade with the MACD and RSI strategies", ["rsi", "macd"]],
    ["Use a golden cross strategy", ["crossover"]],
    ["Find opportunities using RSI and MACD", ["rsi", "macd"]],
    ["Find opportunities", ["rsi", "macd", "crossover"]],
  ])("names strategies: %s", (goal, strategies) => {
    expect(readGoal(goal).strategies).toEqual(strategies);
  });

  it.each([
    ["place the orders", true],
    ["execute trades", true],
    ["buy what looks good", true],
    ["Buy 10 ACME", true],
    ["Should I buy or sell ACME?", false],
    ["find buy signals, do not place orders", false],
    ["analyse without trading", false],
    ["find opportunities", false],
  ])("says whether orders are wanted: %s", (goal, orders) => {
    expect(readGoal(goal).wants.orders).toBe(orders);
  });

  it.each([
    [
      "Buy 10 ACME and 1,500 shares of Globex, then sell all my INITECH.",
      ["buy 10 ACME", "buy 1500 Globex", "sell all INITECH"],
    ],
    ["Please buy ACME", ["buy all ACME"]],
    ["RSI below 25 is a buy, above 75 a sell; place orders of 50 shares each", []],
    ["Should I buy ACME?", []],
    ["Buy the rsi opportunities", []],
  ])("names orders: %s", (goal, orders) => {
    const named = readGoal(goal).named.map(
      ({ side, quantity, symbol }) => `${side} ${quantity ?? "all"} ${symbol}`,
    );
    expect(named).toEqual(orders);
  });

  it.each([
    ["RSI(10) below 25 is a buy, above 75 a sell", { rsiPeriod: 10, oversold: 25, overbought: 75 }],
    ["the 9-day RSI, oversold at 20 and overbought at 80", { rsiPeriod: 9, oversold: 20, overbought: 80 }],
    ["MACD(8,17,9)", { macdFast: 8, macdSlow: 17, macdSignal: 9 }],
    ["SMA(10) and SMA(30)", { averageFast: 10, averageSlow: 30 }],
    ["the 50-day and 200-day moving averages", { averageFast: 50, averageSlow: 200 }],
    ["a crossover of 5 and 20, within the last 3 days", { averageFast: 5, averageSlow: 20, within: 3 }],
    ["MACD(12,26,9), moving averages, RSI", { macdFast: 12, macdSlow: 26, macdSignal: 9 }],
    ["RSI and prices of 40 days", {}],
  ])("names figures: %s", (goal, settings) => {
    expect(readGoal(goal).settings).toEqual(settings);
  });

  it("names file, symbols, formats, quantities, and what to call the report", () => {
    const goal = readGoal(
      "Analyse ACME, BRK.B and X1 from eod/2026.csv, place orders of 50 shares of each, and write march.pdf",
    );
    expect(goal).toMatchObject({
      file: "eod/2026.csv",
      symbols: ["ACME", "BRK.B", "X1"],
      quantity: 50,
      formats: ["pdf"],
      reportName: "march",
    });
    expect(readGoal("only buy: place orders for RSI opportunities")).toMatchObject({
      sides: ["buy"],
      symbols: undefined,
    });
  });

  it("leaves open what the goals before it said", () => {
    const goal = readGoal("place the orders", ["use eod.csv with the macd strategy for ACME"]);
    expect(goal).toMatchObject({ file: "eod.csv", strategies: ["macd"], symbols: ["ACME"] });
  });

  it.each(["Read data.csv and sum the column amount", "Book a table", "What time is it?", "Add 3 and 4"])(
    "may be none of this field: %s",
    (goal) => {
      expect(isFinanceGoal(goal)).toBe(false);
      const request = {
        kind: "plan" as const,
        goal,
        conversation: [],
        tools: [],
        pastSteps: [],
        remaining: [],
        why: "",
      };
      expect(playbook(request)).toBeUndefined();
    },
  );
});
