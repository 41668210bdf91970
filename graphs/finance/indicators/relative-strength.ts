import { RSI } from "trading-signals";
import type { Series } from "./moving-averages.js";

/**
 * Wilder's relative strength index: 100 - 100 / (1 + average gain / average loss). The first averages are the means of
 * the first `period` changes; each later one is the one before times (period - 1), plus the new change, over the period.
 * Where no price has moved the formula is 0 / 0; we say 50, neither strong nor weak, where the package says 100.
 */
export function relativeStrength(prices: readonly number[], period: number): Series {
  const index = new RSI(period);
  let hasMoved = false;
  return prices.map((price, at) => {
    hasMoved ||= at > 0 && price !== prices[at - 1];
    const value = index.add(price);
    return value === null || hasMoved ? value : 50;
  });
}
