import { describe, expect, it } from "vitest";
import { limitsIn, limitsOfTurn, readLimits } from "../../../graphs/finance/trading/limits.js";

describe("limits in words", () => {
  it.each([
    ["maxPosition 10%", 0.1],
    ["maxPosition: 0.1", 0.1],
    ['"maxPosition": 0.1', 0.1],
    ["max position size of 12.5 percent", 0.125],
    ["maximum position = 15", 0.15],
    ["with at most 10 % in one position", 0.1],
    ["no more than 5% of the portfolio in any single symbol", 0.05],
    ["never more than 8% of my equity per stock", 0.08],
    ["limit each position to 10%", 0.1],
    ["no position above 7%", 0.07],
    ["a position limit of 9%", 0.09],
    ["at most 20% in one position, and at most 10% in any stock", 0.1],
  ])("find the largest position in %j", (text, maxPosition) => {
    expect(limitsIn(text).maxPosition).toBeCloseTo(maxPosition, 10);
  });

  it.each([
    ["riskLimit 2%", 0.02],
    ["risk limit of 0.015", 0.015],
    ["max risk 1%", 0.01],
    ["risk at most 1 %", 0.01],
    ["risking no more than 0.5% per trade", 0.005],
    ["with a risk per trade of 1%", 0.01],
    ["at most 1% at risk per trade", 0.01],
    ["with 2% risk per trade", 0.02],
  ])("find the risk in %j", (text, riskLimit) => {
    expect(limitsIn(text).riskLimit).toBeCloseTo(riskLimit, 10);
  });

  it("keep the two apart, and are nothing where there are none", () => {
    expect(limitsIn("maxPosition 10%, riskLimit 1%")).toEqual({ maxPosition: 0.1, riskLimit: 0.01 });
    expect(limitsIn("at most 10% in one position and 1% at risk per trade")).toEqual({
      maxPosition: 0.1,
      riskLimit: 0.01,
    });
    expect(limitsIn("risk no more than 0.5% per trade")).toEqual({ riskLimit: 0.005 });
    expect(limitsIn("Check the risk of 5 symbols with RSI(14), buy 10 ACME below 30")).toEqual({});
  });
});

describe("the limits of a turn", () => {
  const built = { maxPosition: 0.2, riskLimit: 0.02 };

  it("are made tighter by words, never wider", () => {
    expect(limitsOfTurn(built, ["maxPosition 10%"])).toEqual({ maxPosition: 0.1, riskLimit: 0.02 });
    expect(limitsOfTurn(built, ["maxPosition 90%, riskLimit 50%"])).toEqual(built);
  });

  it("are those of the newest words that state them", () => {
    expect(limitsOfTurn(built, ["place them", "maxPosition 15%", "maxPosition 5%, riskLimit 1%"])).toEqual({
      maxPosition: 0.15,
      riskLimit: 0.01,
    });
  });
});

describe("the limits that a graph is built with", () => {
  it("are shares", () => {
    expect(readLimits({ maxPosition: 1 })).toEqual({ maxPosition: 1, riskLimit: 0.02 });
    expect(() => readLimits({ maxPosition: 20 })).toThrow("maxPosition");
    expect(() => readLimits({ riskLimit: 0 })).toThrow("riskLimit");
    expect(() => readLimits({ riskLimit: Number.NaN })).toThrow("riskLimit");
  });
});
