import { BuiltinToolError } from "../../tool-errors.js";
import { Rounds, type Sliced } from "../in-slices.js";
import { mean, median, sum, withoutNoise } from "../math-functions.js";
import {
  type Cell,
  type CellRank,
  cellAt,
  cellKey,
  cellNumber,
  cellRank,
  cellText,
  compareRanks,
  isEmptyCell,
  type Table,
} from "./table.js";

/** Operations that compute one figure from the rows of a group. */
export const AGGREGATE_OPERATIONS = ["sum", "avg", "min", "max", "count", "median", "distinct"] as const;

/** One figure to compute from the rows of a group. */
export interface Aggregate {
  readonly op: (typeof AGGREGATE_OPERATIONS)[number];
  /** The column. `count` needs none, and neither does any operation if the table has only one column. */
  readonly column?: string | null | undefined;
  /** Name of the figure. @default the operation, "_" and the column (sum_amount); "count" for all rows */
  readonly as?: string | null | undefined;
}

/** An aggregate whose column was found and whose name was chosen. */
export interface ResolvedAggregate {
  readonly op: Aggregate["op"];
  readonly column: number | undefined;
  readonly name: string;
}

/** Cell texts that mean "no figure". */
const NO_FIGURE = new Set(["n/a", "na", "-", "–", "—", "null", "none"]);

/** Finds the aggregate's column in the table. Throws if it needs a column and has none. */
export function resolveAggregate({ op, column, as }: Aggregate, { columns }: Table): ResolvedAggregate {
  if (typeof column === "string" && column !== "" && column !== "*") {
    const found = columns.find(column);
    return { op, column: found, name: as || `${op}_${columns.nameOf(found)}` };
  }
  if (op === "count") {
    return { op, column: undefined, name: as || "count" };
  }
  const [only, ...others] = columns.all;
  if (only !== undefined && others.length === 0) {
    return { op, column: 0, name: as || `${op}_${only}` };
  }
  const names = columns.all
    .slice(0, 50)
    .map((name) => `"${name}"`)
    .join(", ");
  throw new BuiltinToolError("INVALID_QUERY", `The aggregate "${op}" needs a column: one of ${names}.`);
}

/** Computes a figure. Empty cells are left out. Without any cells, a sum and a count are 0 and the others null. */
export function* aggregate({ op, column }: ResolvedAggregate, table: Table, rows: Uint32Array): Sliced<Cell> {
  if (column === undefined) {
    return rows.length;
  }
  const figure = createFigure(op, table.columns.nameOf(column));
  const rounds = new Rounds();
  for (const row of rows) {
    const cell = cellAt(table, column, row);
    if (rounds.isPauseDue(cell)) {
      yield;
    }
    if (!isEmptyCell(cell)) {
      figure.add(cell);
    }
  }
  return figure.total();
}

/** A figure that is being computed cell by cell. */
interface Figure {
  add(cell: Cell): void;
  total(): Cell;
}

function createFigure(op: Aggregate["op"], column: string): Figure {
  switch (op) {
    case "count": {
      let count = 0;
      return { add: () => (count += 1), total: () => count };
    }
    case "distinct": {
      const keys = new Set<string>();
      return { add: (cell) => keys.add(cellKey(cell)), total: () => keys.size };
    }
    case "min":
    case "max":
      return createExtreme(op === "min" ? 1 : -1);
    default:
      return createNumbers(op, column);
  }
}

function createExtreme(sign: 1 | -1): Figure {
  let best: { readonly cell: Cell; readonly rank: CellRank } | undefined;
  return {
    add(cell) {
      if (!isFigure(cell)) {
        return;
      }
      const rank = cellRank(cell);
      if (best === undefined || compareRanks(rank, best.rank) * sign < 0) {
        best = { cell, rank };
      }
    },
    total: () => (best === undefined ? null : (cellNumber(best.cell) ?? best.cell)),
  };
}

function createNumbers(op: "sum" | "avg" | "median", column: string): Figure {
  const numbers: number[] = [];
  return {
    add(cell) {
      if (!isFigure(cell)) {
        return;
      }
      const number = cellNumber(cell);
      if (number === undefined) {
        throw noNumber(cell, op, column);
      }
      numbers.push(number);
    },
    total() {
      if (op === "sum") {
        return withoutNoise(sum(numbers));
      }
      if (numbers.length === 0) {
        return null;
      }
      return withoutNoise(op === "avg" ? mean(numbers) : median(numbers));
    },
  };
}

function noNumber(cell: Cell, op: string, column: string): BuiltinToolError {
  return new BuiltinToolError(
    "INVALID_QUERY",
    `The ${op} of "${column}" cannot be worked out: "${cellText(cell).slice(0, 60)}" is no number. Leave such rows out with where, or use another column.`,
  );
}

function isFigure(cell: Cell): boolean {
  return typeof cell !== "string" || !NO_FIGURE.has(cell.trim().toLowerCase());
}
