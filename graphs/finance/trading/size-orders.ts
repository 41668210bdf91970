import { latestBar } from "../prices/price-table.js";
import { afterOrder } from "./account.js";
import { largestOrder, type RiskSituation } from "./judge-order.js";
import type { Opportunity, Order } from "./opportunity.js";

/** Orders that keep the limits, and what was cut or refused to keep them. */
export interface SizedOrders {
  readonly orders: Order[];
  readonly cut: {
    readonly symbol: string;
    readonly wanted: number;
    readonly quantity: number;
    readonly reason: string;
  }[];
  readonly refused: { readonly symbol: string; readonly side: string; readonly reason: string }[];
}

/**
 * Makes orders of opportunities, the first first. Each is as large as was wanted, or as the limits allow where nothing
 * was said; a sale is of all that is held. Each is judged as if those before it were filled, but what sales bring is not
 * spent: a person may reject them.
 */
export function sizeOrders(opportunities: readonly Opportunity[], situation: RiskSituation): SizedOrders {
  const { table } = situation;
  const sized: SizedOrders = { orders: [], cut: [], refused: [] };
  let account = situation.account;
  for (const { symbol, side, quantity: wanted } of opportunities) {
    const largest = largestOrder(symbol, side, { ...situation, account });
    const quantity = Math.min(wanted ?? largest.quantity, largest.quantity);
    if (quantity === 0) {
      sized.refused.push({ symbol, side, reason: largest.because });
      continue;
    }
    if (wanted !== undefined && quantity < wanted) {
      sized.cut.push({ symbol, wanted, quantity, reason: largest.because });
    }
    const { close: price, date } = latestBar(table, symbol);
    const order: Order = { symbol, side, quantity, price, date, file: table.file, version: table.version };
    sized.orders.push(order);
    const after = afterOrder(account, order);
    account = { positions: after.positions, cashCents: Math.min(account.cashCents, after.cashCents) };
  }
  return sized;
}
