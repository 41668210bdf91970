import type { PriceTable } from "../prices/price-table.js";

/** What is held of a symbol. */
export interface Position {
  readonly quantity: number;
  /** What was paid for it, in cents. */
  readonly costCents: number;
}

/** The paper account. */
export interface Account {
  readonly cashCents: number;
  readonly positions: ReadonlyMap<string, Position>;
}

/** An amount as whole cents. */
export function toCents(amount: number): number {
  return Math.round(amount * 100);
}

/** What a position is worth in cents: at the latest close, or what it cost where the file has no price of it. */
export function valueCentsOf(table: PriceTable, symbol: string, { quantity, costCents }: Position): number {
  const close = table.series.get(symbol)?.at(-1)?.close;
  return close === undefined ? costCents : toCents(quantity * close);
}

/** The account's equity in cents: its cash and what its positions are worth. */
export function equityCentsOf(account: Account, table: PriceTable): number {
  const values = [...account.positions].map(([symbol, position]) => valueCentsOf(table, symbol, position));
  return values.reduce((sum, value) => sum + value, account.cashCents);
}

/** An account after an order; it is not asked whether it may be. */
export function afterOrder(
  { cashCents, positions }: Account,
  order: {
    readonly symbol: string;
    readonly side: "buy" | "sell";
    readonly quantity: number;
    readonly price: number;
  },
): Account {
  const held = positions.get(order.symbol) ?? { quantity: 0, costCents: 0 };
  const value = toCents(order.quantity * order.price);
  const isBuy = order.side === "buy";
  const quantity = held.quantity + (isBuy ? order.quantity : -order.quantity);
  const soldCents = held.quantity === 0 ? 0 : Math.round((held.costCents * order.quantity) / held.quantity);
  const after = new Map(positions);
  if (quantity === 0) {
    after.delete(order.symbol);
  } else {
    after.set(order.symbol, { quantity, costCents: held.costCents + (isBuy ? value : -soldCents) });
  }
  return { cashCents: cashCents + (isBuy ? -value : value), positions: after };
}

/** An amount of cents as people read it. */
export function toMoney(cents: number): string {
  return (cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
