import { EMA, SMA } from "trading-signals";

/** An indicator's value for each price, null where there are too few prices before it. */
export type Series = readonly (number | null)[];

/** The simple moving average: the mean of the last `period` prices. */
export function simpleAverages(prices: readonly number[], period: number): Series {
  const average = new SMA(period);
  return prices.map((price) => average.add(price));
}

/**
 * The exponential moving average, with the weight 2 / (period + 1). Its first value is the simple average of the first
 * `period` prices, as StockCharts and TA-Lib publish it. The package begins with the first price instead, and differs
 * for many days after; so it is given that average as its first price.
 */
export function exponentialAverages(prices: readonly number[], period: number): Series {
  if (prices.length < period) {
    return prices.map(() => null);
  }
  const average = new EMA(period);
  const first = prices.slice(0, period).reduce((sum, price) => sum + price, 0) / period;
  const rest = [first, ...prices.slice(period)].map((price) => average.update(price, false));
  return [...prices.slice(1, period).map(() => null), ...rest];
}
