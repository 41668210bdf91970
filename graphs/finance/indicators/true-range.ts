import { WSMA } from "trading-signals";
import type { Bar } from "../prices/price-table.js";

/**
 * Wilder's average true range of the latest day: how far a price moves in a day. The true range is the largest of
 * high - low, |high - close before| and |low - close before|; where a file has closes alone, |close - close before|.
 * Null where there are not more than `period` days.
 */
export function averageTrueRange(bars: readonly Bar[], period: number): number | null {
  const average = new WSMA(period);
  let latest: number | null = null;
  for (const [at, bar] of bars.entries()) {
    const before = bars[at - 1];
    if (before === undefined) {
      continue;
    }
    const high = bar.high ?? bar.close;
    const low = bar.low ?? bar.close;
    latest = average.add(Math.max(high - low, Math.abs(high - before.close), Math.abs(low - before.close)));
  }
  return latest;
}
