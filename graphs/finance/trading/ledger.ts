import { join } from "node:path";
import { type Database, openDatabase, type SqlRow } from "../../shared/open-database.js";
import { type Account, afterOrder, toCents } from "./account.js";
import type { Order, Side } from "./opportunity.js";

/** An order that was placed. */
export interface PlacedOrder {
  readonly id: number;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
  readonly valueCents: number;
  readonly cashCentsAfter: number;
  readonly placedAt: string;
}

/** Who places an order: the key under which it is placed once, and the turn that it belongs to. */
export interface OrderKey {
  readonly key: string;
  readonly turn: string;
}

const SCHEMA = `
  create table if not exists account (
    id integer primary key check (id = 1),
    cash_cents integer not null check (cash_cents >= 0)
  );
  create table if not exists position (
    symbol text primary key,
    quantity integer not null check (quantity > 0),
    cost_cents integer not null
  );
  create table if not exists orders (
    id integer primary key,
    key text not null unique,
    turn text not null,
    symbol text not null,
    side text not null check (side in ('buy', 'sell')),
    quantity integer not null check (quantity > 0),
    price real not null,
    value_cents integer not null,
    cash_cents_after integer not null,
    price_date text not null,
    prices text not null,
    placed_at text not null
  );`;

/** The paper ledger: cash, positions and orders in one SQLite file. */
export class Ledger {
  readonly #database: Database;
  readonly #now: () => string;

  constructor(database: Database, openingCash: number, now: () => string) {
    this.#database = database;
    this.#now = now;
    database.exec(SCHEMA);
    database.prepare("insert or ignore into account values (1, ?)").run(toCents(openingCash));
  }

  /** What is there now. */
  account(): Account {
    const cash = this.#database.prepare("select cash_cents from account where id = 1").get();
    const rows = this.#database
      .prepare("select symbol, quantity, cost_cents from position order by symbol")
      .all();
    const positions = rows.map((row): [string, { quantity: number; costCents: number }] => [
      String(row.symbol),
      { quantity: Number(row.quantity), costCents: Number(row.cost_cents) },
    ]);
    return { cashCents: Number(cash?.cash_cents ?? 0), positions: new Map(positions) };
  }

  /** The orders of a turn, oldest first. */
  ordersOf(turn: string): PlacedOrder[] {
    return this.#database.prepare("select * from orders where turn = ? order by id").all(turn).map(toPlaced);
  }

  /**
   * Places an order, once for its key: all of it, or nothing. `refuse` says why the account as it is in this moment does
   * not allow it; nobody else writes meanwhile.
   */
  place(order: Order, by: OrderKey, refuse: (account: Account) => string | undefined): PlacedOrder {
    return this.#database.transaction(() => {
      const before = this.find(by.key, order);
      if (before !== undefined) {
        return before;
      }
      const account = this.account();
      const reason = refuse(account);
      if (reason !== undefined) {
        throw new Error(`The order was refused, and nothing was done. ${reason}`);
      }
      const { cashCents, positions } = afterOrder(account, order);
      const { symbol, side, quantity, price } = order;
      this.#database.prepare("update account set cash_cents = ? where id = 1").run(cashCents);
      const held = positions.get(symbol);
      if (held === undefined) {
        this.#database.prepare("delete from position where symbol = ?").run(symbol);
      } else {
        this.#database
          .prepare("insert or replace into position values (?, ?, ?)")
          .run(symbol, held.quantity, held.costCents);
      }
      this.#database
        .prepare(
          `insert into orders (key, turn, symbol, side, quantity, price, value_cents, cash_cents_after, price_date, prices, placed_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          by.key,
          by.turn,
          symbol,
          side,
          quantity,
          price,
          toCents(quantity * price),
          cashCents,
          order.date,
          order.version,
          this.#now(),
        );
      const placed = this.find(by.key, order);
      if (placed === undefined) {
        throw new Error("The ledger did not keep the order.");
      }
      return placed;
    });
  }

  /** The order that was placed under a key; throws where it was another one. */
  find(key: string, order: Order): PlacedOrder | undefined {
    const row = this.#database.prepare("select * from orders where key = ?").get(key);
    return row === undefined ? undefined : assertSame(toPlaced(row), order);
  }
}

/** Does something with the ledger of a folder; it is made with the opening cash where there is none yet. */
export async function withLedger<T>(
  { workspace, cash }: { readonly workspace: string; readonly cash: number },
  work: (ledger: Ledger) => T,
): Promise<T> {
  const database = await openDatabase(join(workspace, "ledger.db"));
  try {
    return work(new Ledger(database, cash, () => new Date().toISOString()));
  } finally {
    database.close();
  }
}

function assertSame(placed: PlacedOrder, order: Order): PlacedOrder {
  const { symbol, side, quantity } = placed;
  if (symbol === order.symbol && side === order.side && quantity === order.quantity) {
    return placed;
  }
  throw new Error(
    `This step has placed its order already: ${side} ${quantity} ${symbol}, number ${placed.id}. Another order needs a step of its own.`,
  );
}

function toPlaced(row: SqlRow): PlacedOrder {
  return {
    id: Number(row.id),
    symbol: String(row.symbol),
    side: row.side === "sell" ? "sell" : "buy",
    quantity: Number(row.quantity),
    price: Number(row.price),
    valueCents: Number(row.value_cents),
    cashCentsAfter: Number(row.cash_cents_after),
    placedAt: String(row.placed_at),
  };
}
