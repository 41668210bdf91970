import type { PriceTable } from "../prices/price-table.js";
import { type Account, equityCentsOf, toMoney, valueCentsOf } from "../trading/account.js";
import { toPercent } from "../trading/judge-order.js";
import type { PlacedOrder } from "../trading/ledger.js";
import type { RiskLimits } from "../trading/limits.js";
import type { Opportunity, Order } from "../trading/opportunity.js";
import type { Report, ReportSection } from "./report.js";

/** What a report is about: as much of it as there was. */
export interface ReportFacts {
  readonly table: PriceTable;
  /** The version of the prices that the work rests on. */
  readonly version: string;
  readonly limits: RiskLimits;
  readonly account: Account;
  readonly placed: readonly PlacedOrder[];
  readonly indicators?: readonly {
    readonly symbol: string;
    readonly close: number;
    readonly values: Readonly<Record<string, number | null>>;
  }[];
  readonly opportunities?: readonly Opportunity[];
  readonly leftOut?: readonly { readonly symbol: string; readonly reason: string }[];
  readonly proposed?: readonly Order[];
  readonly cut?: readonly {
    readonly symbol: string;
    readonly wanted: number;
    readonly quantity: number;
    readonly reason: string;
  }[];
  readonly refused?: readonly { readonly symbol: string; readonly side: string; readonly reason: string }[];
  readonly notes: readonly string[];
}

/** The report on a piece of work: what was found, what the policy made of it, what was placed, what there is now. */
export function composeReport(facts: ReportFacts): Report {
  const sections = [
    ...prices(facts),
    ...indicators(facts),
    ...opportunities(facts),
    ...risk(facts),
    orders(facts),
    account(facts),
    ...(facts.notes.length === 0 ? [] : [{ heading: "Notes", lines: facts.notes }]),
  ];
  return { title: "Finance report", sections };
}

function prices({ table, version }: ReportFacts): ReportSection[] {
  const changed =
    version === table.version ? [] : [`The file has changed since; it now has ${table.version}.`];
  return [{ heading: "Prices", lines: [`${table.file}: ${version}.`, ...changed] }];
}

function indicators({ indicators: rows = [] }: ReportFacts): ReportSection[] {
  const [first] = rows;
  if (first === undefined) {
    return [];
  }
  const names = Object.keys(first.values);
  const table = {
    columns: ["Symbol", "Close", ...names],
    rows: rows.map(({ symbol, close, values }) => [
      symbol,
      String(close),
      ...names.map((name) => values[name]?.toFixed(2) ?? "-"),
    ]),
  };
  return [{ heading: "Indicators", lines: [], table }];
}

function opportunities({ opportunities: found, leftOut = [] }: ReportFacts): ReportSection[] {
  if (found === undefined) {
    return [];
  }
  const lines = found.map(({ symbol, side, close, date, reasons }) => {
    const quote = close === undefined ? "" : ` at ${close} (${date})`;
    return `${side === "buy" ? "Buy" : "Sell"} ${symbol}${quote}: ${reasons.join("; ")}.`;
  });
  const others = leftOut.map(({ symbol, reason }) => `Not ${symbol}: ${reason}.`);
  const all = [...(lines.length === 0 ? ["There are none."] : lines), ...others];
  return [{ heading: "Opportunities", lines: all }];
}

function risk({ limits, proposed, cut = [], refused = [] }: ReportFacts): ReportSection[] {
  if (proposed === undefined) {
    return [];
  }
  const lines = [
    `maxPosition ${toPercent(limits.maxPosition)}, riskLimit ${toPercent(limits.riskLimit)} of the equity.`,
    ...cut.map(
      ({ symbol, wanted, quantity, reason }) =>
        `${symbol}: cut from ${wanted} to ${quantity}, since ${reason}.`,
    ),
    ...refused.map(({ symbol, side, reason }) => `${symbol}: no order to ${side}, since ${reason}.`),
  ];
  return [{ heading: "Risk checks", lines }];
}

function orders({ placed, proposed = [] }: ReportFacts): ReportSection {
  const undone = proposed.filter(
    ({ symbol, side }) => !placed.some((order) => order.symbol === symbol && order.side === side),
  );
  const lines = undone.map(({ symbol, side, quantity }) => `Not placed: ${side} ${quantity} ${symbol}.`);
  if (placed.length === 0) {
    return { heading: "Orders", lines: ["No order was placed.", ...lines] };
  }
  const rows = placed.map(({ id, symbol, side, quantity, price, valueCents }) => [
    String(id),
    side,
    symbol,
    String(quantity),
    String(price),
    toMoney(valueCents),
  ]);
  return {
    heading: "Orders",
    lines,
    table: { columns: ["Order", "Side", "Symbol", "Quantity", "Price", "Value"], rows },
  };
}

function account({ account: now, table }: ReportFacts): ReportSection {
  const lines = [`Cash ${toMoney(now.cashCents)}, equity ${toMoney(equityCentsOf(now, table))}.`];
  if (now.positions.size === 0) {
    return { heading: "Paper account", lines: [...lines, "Nothing is held."] };
  }
  const equity = equityCentsOf(now, table);
  const rows = [...now.positions].map(([symbol, position]) => {
    const value = valueCentsOf(table, symbol, position);
    const share = toPercent(Math.round((value / equity) * 10_000) / 10_000);
    return [symbol, String(position.quantity), toMoney(value), share];
  });
  return {
    heading: "Paper account",
    lines,
    table: { columns: ["Symbol", "Quantity", "Value", "Share"], rows },
  };
}
