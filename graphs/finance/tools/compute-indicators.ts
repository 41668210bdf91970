import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { macdOf } from "../indicators/convergence.js";
import { exponentialAverages, type Series, simpleAverages } from "../indicators/moving-averages.js";
import { relativeStrength } from "../indicators/relative-strength.js";
import { averageTrueRange } from "../indicators/true-range.js";
import { barsOf, latestBar } from "../prices/price-table.js";
import { readSettings, SETTINGS_SHAPE } from "../trading/strategy-settings.js";
import { PRICES_SHAPE, pickSymbols, readPrices, type SharedDesk, SYMBOLS_SHAPE } from "./desk.js";

const value = z.number().nullable();

/** The latest indicators of one symbol, by name: null where it has too few days. */
export const indicatorRowSchema = z.object({
  symbol: z.string(),
  date: z.string(),
  close: z.number(),
  values: z.record(z.string(), value),
});

const { within: _, oversold: __, overbought: ___, ...periods } = SETTINGS_SHAPE;
const schema = z.object({ ...PRICES_SHAPE, ...SYMBOLS_SHAPE, ...periods });

/** A tool that works out indicators: `{ version?, symbols?, … }` → `{ version, indicators }`, a row for each symbol. */
export function createIndicatorsTool(desk: SharedDesk) {
  return tool(
    async ({ file, version, symbols, ...given }) => {
      const table = await readPrices(desk, { file, version });
      const settings = readSettings(given);
      const { rsiPeriod, macdFast: fast, macdSlow: slow, macdSignal, averageFast, averageSlow } = settings;
      const indicators = pickSymbols(table, symbols).map((symbol): z.infer<typeof indicatorRowSchema> => {
        const bars = barsOf(table, symbol);
        const closes = bars.map(({ close }) => close);
        const macd = macdOf(closes, { fast, slow, signal: macdSignal });
        const { close, date } = latestBar(table, symbol);
        return {
          symbol,
          date,
          close,
          values: {
            [`RSI(${rsiPeriod})`]: latest(relativeStrength(closes, rsiPeriod)),
            [`MACD(${fast},${slow})`]: latest(macd.line),
            [`signal(${macdSignal})`]: latest(macd.signal),
            histogram: latest(macd.histogram),
            [`SMA(${averageFast})`]: latest(simpleAverages(closes, averageFast)),
            [`SMA(${averageSlow})`]: latest(simpleAverages(closes, averageSlow)),
            [`EMA(${averageFast})`]: latest(exponentialAverages(closes, averageFast)),
            [`EMA(${averageSlow})`]: latest(exponentialAverages(closes, averageSlow)),
            "ATR(14)": round(averageTrueRange(bars, 14)),
          },
        };
      });
      return { version: table.version, indicators };
    },
    {
      name: "compute_indicators",
      description:
        "Works out each symbol's latest indicators: RSI (Wilder), MACD with signal and histogram, simple and exponential moving averages, average true range. null: too few days.",
      schema,
      metadata: { readOnly: true },
    },
  );
}

function latest(series: Series): number | null {
  return round(series.at(-1) ?? null);
}

function round(number: number | null): number | null {
  return number === null ? null : Math.round(number * 10_000) / 10_000;
}
