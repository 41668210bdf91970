import { macdOf } from "../indicators/convergence.js";
import { type Series, simpleAverages } from "../indicators/moving-averages.js";
import { relativeStrength } from "../indicators/relative-strength.js";
import type { Bar } from "../prices/price-table.js";
import type { Side, StrategyName } from "./opportunity.js";
import type { StrategySettings } from "./strategy-settings.js";

/** What a strategy says of a symbol: buy or sell, or nothing; and in either case why. */
export interface Verdict {
  readonly side?: Side;
  /** From 0; compared only within one strategy. */
  readonly strength: number;
  readonly reason: string;
}

type Strategy = (bars: readonly Bar[], settings: StrategySettings) => Verdict;

/** Each strategy, by its name. */
export const STRATEGIES: Readonly<Record<StrategyName, Strategy>> = {
  rsi: (bars, { rsiPeriod, oversold, overbought }) => {
    const value = relativeStrength(closesOf(bars), rsiPeriod).at(-1) ?? null;
    if (value === null) {
      return tooFew(bars, rsiPeriod + 1);
    }
    const name = `RSI(${rsiPeriod}) is ${value.toFixed(2)}`;
    if (value < oversold) {
      return { side: "buy", strength: oversold - value, reason: `${name}, below ${oversold} (oversold)` };
    }
    if (value > overbought) {
      return {
        side: "sell",
        strength: value - overbought,
        reason: `${name}, above ${overbought} (overbought)`,
      };
    }
    return { strength: 0, reason: `${name}, between ${oversold} and ${overbought}` };
  },
  macd: (bars, { macdFast, macdSlow, macdSignal, within }) => {
    const { line, signal } = macdOf(closesOf(bars), { fast: macdFast, slow: macdSlow, signal: macdSignal });
    const names = [`the MACD(${macdFast},${macdSlow})`, `its signal(${macdSignal})`] as const;
    return judgeCrossing(bars, line, signal, names, within, macdSlow + macdSignal);
  },
  crossover: (bars, { averageFast, averageSlow, within }) => {
    const closes = closesOf(bars);
    const [fast, slow] = [simpleAverages(closes, averageFast), simpleAverages(closes, averageSlow)];
    const names = [`the ${averageFast}-day average`, `the ${averageSlow}-day average`] as const;
    return judgeCrossing(bars, fast, slow, names, within, averageSlow + 1);
  },
};

function closesOf(bars: readonly Bar[]): number[] {
  return bars.map(({ close }) => close);
}

function tooFew(bars: readonly Bar[], needed: number): Verdict {
  return { strength: 0, reason: `it has ${bars.length} days of prices, and ${needed} are needed` };
}

/** Buys where the first crossed above the second within some days and is above it still, sells where it crossed below. */
function judgeCrossing(
  bars: readonly Bar[],
  first: Series,
  second: Series,
  [firstName, secondName]: readonly [string, string],
  within: number,
  needed: number,
): Verdict {
  const gaps = first.map((value, at) => {
    const other = second[at];
    if (value === null || other === null || other === undefined) {
      return undefined;
    }
    // What floating point leaves over is no gap.
    return Math.abs(value - other) < 1e-9 * (bars[at]?.close ?? 1) ? 0 : value - other;
  });
  const last = gaps.length - 1;
  const gap = gaps[last];
  const close = bars[last]?.close;
  if (gap === undefined || close === undefined || gaps[last - 1] === undefined) {
    return tooFew(bars, needed);
  }
  const isAbove = gap > 0;
  const state =
    gap === 0
      ? `${firstName} is at ${secondName}`
      : `${firstName} is ${isAbove ? "above" : "below"} ${secondName}`;
  // A touch is no crossing: what counts is the last day on the other side, or the days without a gap at the beginning.
  const other = gaps.findLastIndex((value) => value !== undefined && value * gap < 0);
  const crossed = gaps.findIndex((value, at) => at > other && value !== undefined && value * gap > 0);
  if (gap === 0 || gaps[crossed - 1] === undefined || last - crossed >= within) {
    return { strength: 0, reason: `${state}, and did not cross it within ${within} days` };
  }
  return {
    side: isAbove ? "buy" : "sell",
    strength: (Math.abs(gap) / close) * 100,
    reason: `${firstName} crossed ${isAbove ? "above" : "below"} ${secondName} on ${bars[crossed]?.date} (now ${toText(first[last])} and ${toText(second[last])})`,
  };
}

function toText(value: number | null | undefined): string {
  return (value ?? 0).toFixed(2);
}
