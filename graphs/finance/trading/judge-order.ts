// The risk policy: what an order may be, given the account, the prices and the limits. It is asked when orders are
// sized, before a person is asked about them, and once more inside the order's transaction.
import { averageTrueRange } from "../indicators/true-range.js";
import { barsOf, latestBar, type PriceTable } from "../prices/price-table.js";
import { type Account, equityCentsOf, toCents, toMoney } from "./account.js";
import type { RiskLimits } from "./limits.js";
import type { Side } from "./opportunity.js";

const RANGE_PERIOD = 14;
/** How many average true ranges a price is thought to fall. */
const RANGES_OF_A_FALL = 2;

/** What an order is judged by. */
export interface RiskSituation {
  readonly account: Account;
  readonly table: PriceTable;
  readonly limits: RiskLimits;
}

/** The largest quantity that keeps every limit, and the limit that it comes from. */
export interface LargestOrder {
  readonly quantity: number;
  readonly because: string;
}

/** How much of a symbol may be bought or sold now; 0 where nothing may. */
export function largestOrder(symbol: string, side: Side, situation: RiskSituation): LargestOrder {
  const { account, table, limits } = situation;
  const held = account.positions.get(symbol)?.quantity ?? 0;
  if (side === "sell") {
    const because = held === 0 ? "nothing of it is held, and nothing is sold short" : `${held} are held`;
    return { quantity: held, because };
  }
  const { close } = latestBar(table, symbol);
  const range = averageTrueRange(barsOf(table, symbol), RANGE_PERIOD);
  if (range === null) {
    return {
      quantity: 0,
      because: `its risk cannot be measured with fewer than ${RANGE_PERIOD + 1} days of prices`,
    };
  }
  const equity = equityCentsOf(account, table);
  const fall = range * RANGES_OF_A_FALL;
  const bounds = [
    {
      quantity: wholeShares(account.cashCents, close),
      because: `there is ${toMoney(account.cashCents)} in cash`,
    },
    {
      quantity: wholeShares(limits.maxPosition * equity, close) - held,
      because: `maxPosition allows ${toPercent(limits.maxPosition)} of the equity of ${toMoney(equity)} in one symbol${heldToo(held)}`,
    },
    {
      quantity: (fall === 0 ? Number.MAX_SAFE_INTEGER : wholeShares(limits.riskLimit * equity, fall)) - held,
      because: `riskLimit allows a loss of ${toPercent(limits.riskLimit)} of the equity of ${toMoney(equity)} in a fall of ${fall.toFixed(2)} a share (two average true ranges)${heldToo(held)}`,
    },
  ];
  const tightest = bounds.reduce((least, bound) => (bound.quantity < least.quantity ? bound : least));
  return { ...tightest, quantity: Math.max(0, tightest.quantity) };
}

/** Why an order may not be placed; undefined where it may. */
export function refuseOrder(
  { symbol, side, quantity }: { readonly symbol: string; readonly side: Side; readonly quantity: number },
  situation: RiskSituation,
): string | undefined {
  const largest = largestOrder(symbol, side, situation);
  if (quantity <= largest.quantity) {
    return undefined;
  }
  return `To ${side} ${quantity} ${symbol} is more than the ${largest.quantity} that may be: ${largest.because}.`;
}

/** How many whole shares an amount of cents pays for; the thousandth of a cent is for what floating point leaves over. */
function wholeShares(cents: number, price: number): number {
  const most = Math.floor((cents + 0.001) / (price * 100));
  return toCents(most * price) > cents + 0.001 ? most - 1 : most;
}

function heldToo(held: number): string {
  return held === 0 ? "" : `, and ${held} are held already`;
}

/** A share as a percentage. */
export function toPercent(share: number): string {
  return `${Number((share * 100).toFixed(4))} %`;
}
