import { BuiltinToolError } from "../tool-errors.js";
import { type Cell, cellKey, cellNumber, cellText, compareCells, isEmptyCell } from "./cell.js";
import { mean, median, sum, withoutNoise } from "./math-functions.js";
import { cellOf, findColumn, type Row, type Table } from "./table.js";

/** What can be worked out over the rows of a group. */
export const AGGREGATE_OPERATIONS = ["sum", "avg", "min", "max", "count", "median", "distinct"] as const;

/** One figure over the rows of a group. */
export interface Aggregate {
  readonly op: (typeof AGGREGATE_OPERATIONS)[number];
  /** The column; `count` needs none, nor does any where the table has one column. */
  readonly column?: string | null | undefined;
  /** The name of the figure. @default the operation, "_" and the column: sum_amount; count for all rows */
  readonly as?: string | null | undefined;
}

/** An aggregate with its column found and its name made. */
export interface ResolvedAggregate {
  readonly op: Aggregate["op"];
  readonly column: string | undefined;
  readonly name: string;
}

/** Cells that say that there is no figure, in words. */
const NO_FIGURE = new Set(["n/a", "na", "-", "–", "—", "null", "none"]);

/** The aggregate with its column found in the table; throws where it has none and needs one. */
export function resolveAggregate({ op, column, as }: Aggregate, table: Table): ResolvedAggregate {
  if (typeof column === "string" && column !== "" && column !== "*") {
    const found = findColumn(column, table.columns);
    return { op, column: found, name: as || `${op}_${found}` };
  }
  if (op === "count") return { op, column: undefined, name: as || "count" };
  const [only, ...others] = table.columns;
  if (only !== undefined && others.length === 0) return { op, column: only, name: as || `${op}_${only}` };
  const names = table.columns.map((name) => `"${name}"`).join(", ");
  throw new BuiltinToolError("INVALID_QUERY", `The aggregate "${op}" needs a column: one of ${names}.`);
}

/** The figure over the rows. Empty cells are left out; of no cells at all a sum and a count are 0, the others null. */
export function aggregate({ op, column }: ResolvedAggregate, rows: readonly Row[]): Cell {
  if (column === undefined) return rows.length;
  const cells = rows.map((row) => cellOf(row, column)).filter((cell) => !isEmptyCell(cell));
  switch (op) {
    case "count":
      return cells.length;
    case "distinct":
      return new Set(cells.map(cellKey)).size;
    case "min":
    case "max":
      return extreme(op, cells.filter(isFigure));
    default:
      return overNumbers(op, numbersOf(cells.filter(isFigure), op, column));
  }
}

function overNumbers(op: "sum" | "avg" | "median", numbers: readonly number[]): Cell {
  if (op === "sum") return withoutNoise(sum(numbers));
  if (numbers.length === 0) return null;
  return withoutNoise(op === "avg" ? mean(numbers) : median(numbers));
}

function extreme(op: "min" | "max", cells: readonly Cell[]): Cell {
  const sign = op === "min" ? 1 : -1;
  const [first = null, ...others] = cells;
  const found = others.reduce((best, cell) => (compareCells(cell, best) * sign < 0 ? cell : best), first);
  return cellNumber(found) ?? found;
}

function numbersOf(cells: readonly Cell[], op: string, column: string): number[] {
  return cells.map((cell) => {
    const number = cellNumber(cell);
    if (number !== undefined) return number;
    throw new BuiltinToolError(
      "INVALID_QUERY",
      `The ${op} of "${column}" cannot be worked out: "${cellText(cell).slice(0, 60)}" is no number. Leave such rows out with where, or use another column.`,
    );
  });
}

function isFigure(cell: Cell): boolean {
  return !NO_FIGURE.has(cellText(cell).toLowerCase());
}
