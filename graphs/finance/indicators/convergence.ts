import { exponentialAverages, type Series } from "./moving-averages.js";

/** The periods of a MACD. */
export interface MacdPeriods {
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
}

/** Appel's moving average convergence/divergence, price for price. */
export interface Macd {
  /** The fast exponential average less the slow one. */
  readonly line: Series;
  /** The exponential average of the line. */
  readonly signal: Series;
  /** The line less the signal. */
  readonly histogram: Series;
}

/** The MACD; both averages and the signal begin with simple averages, unlike the package's, which begins with one price. */
export function macdOf(prices: readonly number[], periods: MacdPeriods): Macd {
  const fast = exponentialAverages(prices, periods.fast);
  const slow = exponentialAverages(prices, periods.slow);
  const line = prices.map((_, at) => difference(fast[at], slow[at]));
  const known = line.filter((value) => value !== null);
  const unknown = line.slice(0, line.length - known.length);
  const signal: Series = [...unknown, ...exponentialAverages(known, periods.signal)];
  return { line, signal, histogram: line.map((value, at) => difference(value, signal[at])) };
}

function difference(a: number | null | undefined, b: number | null | undefined): number | null {
  return a === null || a === undefined || b === null || b === undefined ? null : a - b;
}
