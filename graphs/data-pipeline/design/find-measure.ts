import type { Rules } from "../rules.js";
import type { Relation } from "./relations.js";
import type { SummaryBuilder } from "./summary-builder.js";
import { findColumn, isNamed, type TableCard } from "./table-card.js";

/** The measures that the rules declare, as list_sources tells them. */
export type Measures = readonly ({ readonly name: string } & Rules["measures"][string])[];

/** A column, and the way to the table that it is in. */
interface Place {
  readonly way: readonly Relation[];
  readonly card: TableCard;
  readonly column: string;
}

const MONEY = [
  "revenue",
  "sales",
  "turnover",
  "income",
  "amount",
  "total",
  "spend",
  "spending",
  "value",
  "sum",
];
const MONEY_COLUMNS = [
  "revenue",
  "total",
  "amount",
  "total amount",
  "order total",
  "grand total",
  "line total",
  "net amount",
  "sales",
  "turnover",
  "value",
];
const COUNTS = ["quantity", "qty", "units", "pieces", "items", "items sold", "units sold", "volume"];
const COUNT_COLUMNS = ["quantity", "qty", "units", "pieces", "count", "number"];
const PRICE_COLUMNS = [
  "unit price",
  "price",
  "price per unit",
  "unit cost",
  "price each",
  "rate",
  "list price",
];

/** What a measure is made of: columns whose product it is; undefined where the tables do not tell. */
export function findMeasure(
  words: string,
  base: TableCard,
  ways: readonly (readonly Relation[])[],
  measures: Measures,
): readonly Place[] | undefined {
  const declared = measures.find(({ name }) => isNamed(name, words));
  if (declared !== undefined) {
    if (declared.table !== undefined && !isNamed(base.table, declared.table)) {
      return undefined;
    }
    const places = declared.multiply.map((name) => find(name, base, ways));
    return places.some((place) => place === undefined) ? undefined : places.flatMap((place) => place ?? []);
  }
  const own = findColumn(base, words);
  if (own !== undefined) {
    return [{ way: [], card: base, column: own.name }];
  }
  if (MONEY.some((name) => isNamed(name, words))) {
    const amount = firstOf(MONEY_COLUMNS, base);
    if (amount !== undefined) {
      return [amount];
    }
    const count = firstOf(COUNT_COLUMNS, base);
    if (count === undefined) {
      return undefined;
    }
    const price =
      firstOf(PRICE_COLUMNS, base) ?? PRICE_COLUMNS.map((name) => find(name, base, ways)).find(isThere);
    return price === undefined ? undefined : [count, price];
  }
  if (COUNTS.some((name) => isNamed(name, words))) {
    const count = firstOf(COUNT_COLUMNS, base);
    return count === undefined ? undefined : [count];
  }
  return undefined;
}

/** Puts the measure into the summary, and gives the column that it is in. */
export function addMeasure(builder: SummaryBuilder, places: readonly Place[], name: string): string {
  const columns = places.map(({ way, column }) => builder.column(way, column));
  for (const { card, column } of places) {
    builder.need(card, { column, type: numericType(card, column) });
  }
  const [only = name, ...others] = columns;
  return others.length === 0 ? only : builder.derive(name, "multiply", columns);
}

/** A column that holds whole numbers stays one of them. */
function numericType({ columns }: TableCard, name: string): "integer" | "number" {
  return columns.find((column) => column.name === name)?.type === "integer" ? "integer" : "number";
}

function firstOf(names: readonly string[], card: TableCard): Place | undefined {
  const column = names.map((name) => card.columns.find((each) => isNamed(each.name, name))).find(isThere);
  return column === undefined ? undefined : { way: [], card, column: column.name };
}

function find(name: string, base: TableCard, ways: readonly (readonly Relation[])[]): Place | undefined {
  for (const way of ways) {
    const card = way.at(-1)?.to ?? base;
    const column = findColumn(card, name);
    if (column !== undefined) {
      return { way, card, column: column.name };
    }
  }
  return undefined;
}

function isThere<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
