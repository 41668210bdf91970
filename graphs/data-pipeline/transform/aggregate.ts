import { type Cell, type Column, toKey } from "../cell.js";
import { fromDecimal, roundTo, sumOf, toDecimal } from "../decimal.js";
import { groupBy } from "../group-by.js";
import type { Operation } from "./operations.js";
import { addColumn, isNumeric, placeOf, type Table } from "./table.js";

type Aggregate = Extract<Operation, { op: "aggregate" }>;
type Measure = Aggregate["measures"][number];

const PLACES_OF_AN_AVERAGE = 12;

/** One row for each group, sorted by what it is grouped by; rows without that are a group as well. */
export function aggregate(table: Table, { by, measures }: Aggregate): Table {
  const places = by.map((name) => placeOf(table, name));
  const read = measures.map((measure) => toReader(table, measure));
  const groups = groupBy(table.rows, (row) => JSON.stringify(places.map((place) => row[place] ?? null)));
  const all = by.length === 0 && groups.size === 0 ? [[]] : [...groups.values()];
  const rows = all.map((group) => {
    const [first] = group;
    return [...places.map((place) => first?.[place] ?? null), ...read.map((readFrom) => readFrom(group))];
  });
  const grouped = table.columns.filter(({ name }) => by.includes(name));
  const ordered = by.flatMap((name) => grouped.filter((column) => column.name === name));
  const columns = measures.reduce((known, measure) => addColumn(known, toColumn(table, measure)), ordered);
  return { columns, rows: rows.sort((left, right) => compareRows(left, right, by.length)) };
}

function toReader(table: Table, measure: Measure): (rows: readonly (readonly Cell[])[]) => Cell {
  const { by, column, as } = measure;
  if (column === undefined) {
    if (by !== "count") {
      throw new Error(`"${as}" by ${by} needs a column.`);
    }
    return (rows) => rows.length;
  }
  const place = placeOf(table, column);
  const described = table.columns[place];
  if ((by === "sum" || by === "average") && described !== undefined && !isNumeric(described)) {
    throw new Error(`"${column}" is ${described.type} and has no ${by}: validate it as a number first.`);
  }
  return (rows) =>
    work(
      by,
      rows.flatMap((row) => row[place] ?? []),
    );
}

/** As in SQL, empty values do not take part. */
function work(by: Measure["by"], values: readonly (string | number)[]): Cell {
  switch (by) {
    case "count":
      return values.length;
    case "distinct":
      return new Set(values.map(toKey)).size;
    case "sum":
      return values.length === 0 ? null : sumOf(values.map(Number));
    case "average":
      return values.length === 0 ? null : average(values.map(Number));
    case "minimum":
      return values.reduce<Cell>(
        (least, value) => (least === null || compare(value, least) < 0 ? value : least),
        null,
      );
    case "maximum":
      return values.reduce<Cell>(
        (most, value) => (most === null || compare(value, most) > 0 ? value : most),
        null,
      );
  }
}

function average(values: readonly number[]): number {
  return fromDecimal(roundTo(toDecimal(sumOf(values) / values.length), PLACES_OF_AN_AVERAGE));
}

function toColumn({ columns }: Table, { as, by, column }: Measure): Column {
  if (by === "count" || by === "distinct") {
    return { name: as, type: "integer" };
  }
  const type = columns.find(({ name }) => name === column)?.type ?? "number";
  return { name: as, type: by === "average" ? "number" : type === "boolean" ? "integer" : type };
}

function compareRows(left: readonly Cell[], right: readonly Cell[], columns: number): number {
  for (let index = 0; index < columns; index += 1) {
    const order = compare(left[index] ?? null, right[index] ?? null);
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

/** The order of SQLite: nothing, then numbers, then text. */
export function compare(left: Cell, right: Cell): number {
  const rank = (value: Cell) => (value === null ? 0 : typeof value === "number" ? 1 : 2);
  if (rank(left) !== rank(right)) {
    return rank(left) - rank(right);
  }
  if (typeof left === "number" && typeof right === "number") {
    return left - right;
  }
  return String(left) < String(right) ? -1 : String(left) > String(right) ? 1 : 0;
}
