import { assertSamePrices, latestBar, type PriceTable } from "../prices/price-table.js";
import type { Order } from "./opportunity.js";

/** Throws where an order was made with other prices than those of the file, or names a price that is none of them. */
export function assertQuote(table: PriceTable, order: Order): void {
  assertSamePrices(table, order.version, order);
  const { close, date } = latestBar(table, order.symbol);
  if (close === order.price && date === order.date) {
    return;
  }
  throw new Error(
    `The order was refused, and nothing was done. ${order.symbol} closed at ${close} on ${date}: an order cannot name another price (${order.price} on ${order.date}).`,
  );
}
