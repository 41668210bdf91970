import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { macdOf } from "../../../graphs/finance/indicators/convergence.js";
import { exponentialAverages, simpleAverages } from "../../../graphs/finance/indicators/moving-averages.js";
import { relativeStrength } from "../../../graphs/finance/indicators/relative-strength.js";
import { averageTrueRange } from "../../../graphs/finance/indicators/true-range.js";

const prices = fc.array(fc.double({ min: 1, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 120 });
const period = fc.integer({ min: 2, max: 30 });

/** From the first value that there is. */
const known = (series: readonly (number | null)[]) => series.filter((value) => value !== null);

function expectClose(series: readonly (number | null)[], expected: readonly (number | null)[]): void {
  expect(series).toHaveLength(expected.length);
  for (const [at, value] of expected.entries()) {
    if (value === null) {
      expect(series[at]).toBeNull();
    } else {
      expect(series[at]).toBeCloseTo(value, 6);
    }
  }
}

describe("the relative strength index", () => {
  it("is that of StockCharts' worked example, which begins with 70.53", () => {
    // Closes and results as StockCharts' ChartSchool publishes them in its spreadsheet cs-rsi.
    const closes = [
      44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931,
      46.0328, 45.614, 46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137,
      46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
    ];
    const published = [
      70.53278948, 66.31856181, 66.54982994, 69.40630534, 66.35516906, 57.97485571, 62.92960675, 63.25714756,
      56.05929872, 62.37707144, 54.70757308, 50.42277441, 39.98982315, 41.46048198, 41.86891609, 45.46321245,
      37.30404209, 33.07952299, 37.77295211,
    ];
    expectClose(relativeStrength(closes, 14), [...closes.slice(0, 14).map(() => null), ...published]);
  });

  it("is that of Wilder's own worksheet of 1978, as closely as he rounded", () => {
    const closes = [
      54.8, 56.8, 57.85, 59.85, 60.57, 61.1, 62.17, 60.6, 62.35, 62.15, 62.35, 61.45, 62.8, 61.37, 62.5,
      62.57, 60.8, 59.37, 60.35, 62.35, 62.17, 62.55, 64.55, 64.37, 65.3, 64.42, 62.9, 61.6, 62.05, 60.05,
      59.7, 60.9, 60.25, 58.27, 58.7, 57.72, 58.1, 58.2,
    ];
    // He cut each average after the second decimal, which moves his figures by up to half a point.
    const his = [
      74.36, 74.55, 65.75, 59.68, 61.98, 66.44, 65.75, 67.0, 71.43, 70.5, 72.14, 67.95, 60.78, 55.56, 56.71,
      49.49, 48.19, 52.38, 50.0, 43.5, 45.36, 42.53, 44.13, 44.75,
    ];
    const ours = known(relativeStrength(closes, 14));
    expect(ours).toHaveLength(his.length);
    for (const [at, value] of his.entries()) {
      expect(Math.abs((ours[at] ?? 0) - value)).toBeLessThan(0.54);
    }
  });

  it("agrees with Wilder's formula written out, for any prices and period", () => {
    fc.assert(
      fc.property(prices, period, (closes, days) => {
        const gains = closes.slice(1).map((close, at) => Math.max(0, close - (closes[at] ?? close)));
        const losses = closes.slice(1).map((close, at) => Math.max(0, (closes[at] ?? close) - close));
        const mean = (list: readonly number[]) =>
          list.slice(0, days).reduce((sum, value) => sum + value, 0) / days;
        let [up, down] = [mean(gains), mean(losses)];
        const expected = closes.map((_, at) => {
          if (at < days) {
            return null;
          }
          if (at > days) {
            up = (up * (days - 1) + (gains[at - 1] ?? 0)) / days;
            down = (down * (days - 1) + (losses[at - 1] ?? 0)) / days;
          }
          if (up + down === 0) {
            return 50;
          }
          return down === 0 ? 100 : 100 - 100 / (1 + up / down);
        });
        expectClose(relativeStrength(closes, days), expected);
      }),
    );
  });

  it("is 100 where nothing fell, 0 where nothing rose, and 50 where nothing moved", () => {
    expect(relativeStrength([1, 2, 3, 4], 3).at(-1)).toBe(100);
    expect(relativeStrength([4, 3, 2, 1], 3).at(-1)).toBe(0);
    expect(relativeStrength([4, 4, 4, 4], 3)).toEqual([null, null, null, 50]);
  });
});

describe("moving averages", () => {
  // Closes and results as StockCharts' ChartSchool publishes them in its spreadsheet cs-movavg, to the cent.
  const closes = [
    22.2734, 22.194, 22.0847, 22.1741, 22.184, 22.1344, 22.2337, 22.4323, 22.2436, 22.2933, 22.1542, 22.3926,
    22.3816, 22.6109, 23.3558, 24.0519, 23.753, 23.8324, 23.9516, 23.6338, 23.8225, 23.8722, 23.6537, 23.187,
    23.0976, 23.326, 22.6805, 23.0976, 22.4025, 22.1725,
  ];
  const toCents = (series: readonly (number | null)[]) => known(series).map((value) => value.toFixed(2));

  it("are, simple, those of StockCharts' worked example", () => {
    expect(toCents(simpleAverages(closes, 10)).join(" ")).toBe(
      "22.22 22.21 22.23 22.26 22.31 22.42 22.61 22.77 22.91 23.08 23.21 23.38 23.53 23.65 23.71 23.69 23.61 23.51 23.43 23.28 23.13",
    );
  });

  it("are, exponential, those of StockCharts' worked example, which begins with the simple average", () => {
    expect(toCents(exponentialAverages(closes, 10)).join(" ")).toBe(
      "22.22 22.21 22.24 22.27 22.33 22.52 22.80 22.97 23.13 23.28 23.34 23.43 23.51 23.54 23.47 23.40 23.39 23.26 23.23 23.08 22.92",
    );
  });

  it("agree with their formulas written out, for any prices and period", () => {
    fc.assert(
      fc.property(prices, period, (list, days) => {
        const mean = (at: number) =>
          list.slice(at - days + 1, at + 1).reduce((sum, value) => sum + value, 0) / days;
        expectClose(
          simpleAverages(list, days),
          list.map((_, at) => (at < days - 1 ? null : mean(at))),
        );
        let before = 0;
        const exponential = list.map((price, at) => {
          if (at < days - 1) {
            return null;
          }
          before = at === days - 1 ? mean(at) : (2 / (days + 1)) * (price - before) + before;
          return before;
        });
        expectClose(exponentialAverages(list, days), exponential);
      }),
    );
  });
});

describe("the MACD", () => {
  it("is that of StockCharts' worked example", () => {
    // Closes and results as StockCharts' ChartSchool publishes them in its spreadsheet cs-macd.
    const closes = [
      459.99, 448.85, 446.06, 450.81, 442.8, 448.97, 444.57, 441.4, 430.47, 420.05, 431.14, 425.66, 430.58,
      431.72, 437.87, 428.43, 428.35, 432.5, 443.66, 455.72, 454.49, 452.08, 452.73, 461.91, 463.58, 461.14,
      452.08, 442.66, 428.91, 429.79, 431.99, 427.72, 423.2, 426.21, 426.98, 435.69, 434.33, 429.8,
    ];
    const { line, signal, histogram } = macdOf(closes, { fast: 12, slow: 26, signal: 9 });
    const published = [
      8.275269504, 7.703378381, 6.416074757, 4.237519783, 2.552583325, 1.37888572, 0.102981491, -1.258401953,
      -2.07055819, -2.621842328, -2.32906674, -2.181632115, -2.402626273,
    ];
    expectClose(line, [...closes.slice(0, 25).map(() => null), ...published]);
    expectClose(known(signal), [3.037525869, 1.905652229, 1.058708435, 0.410640325, -0.152012994]);
    expect(signal.findIndex((value) => value !== null)).toBe(33);
    expectClose(known(histogram), [-5.108084059, -4.527494558, -3.387775176, -2.59227244, -2.250613279]);
  });

  it("is unknown where there are too few prices", () => {
    const { line, signal } = macdOf([1, 2, 3], { fast: 2, slow: 3, signal: 2 });
    expect(line).toEqual([null, null, 0.5]);
    expect(signal).toEqual([null, null, null]);
  });
});

describe("the average true range", () => {
  const bar = (high: number, low: number, close: number) => ({ date: "", high, low, close });

  it("is Wilder's: gaps count, and each day weighs one part of the period", () => {
    // True ranges by hand: max(12-10, |12-10|, |10-10|) = 2; max(17-16, |17-11|, |16-11|) = 6; max(16-14, 0, 3) = 3.
    const bars = [bar(11, 9, 10), bar(12, 10, 11), bar(17, 16, 16), bar(16, 14, 15)];
    expect(averageTrueRange(bars.slice(0, 3), 2)).toBe(4);
    expect(averageTrueRange(bars, 2)).toBe(3);
    expect(averageTrueRange(bars.slice(0, 2), 2)).toBeNull();
  });

  it("is the average move from close to close where there are only closes", () => {
    const bars = [10, 12, 9, 10].map((close) => ({ date: "", close }));
    expect(averageTrueRange(bars, 3)).toBe(2);
  });
});
