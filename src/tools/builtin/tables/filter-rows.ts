/**
 * Which rows of a table meet all conditions. A number is neither more nor less than a text, and an empty cell is only
 * like another empty one.
 */
import { Rounds, type Sliced } from "../in-slices.js";
import {
  allRows,
  type Cell,
  cellAt,
  cellKey,
  cellNumber,
  cellText,
  isEmptyCell,
  type Table,
} from "./table.js";

/** How a cell is compared with a value. */
export const CONDITION_OPERATIONS = [
  "=",
  "!=",
  ">",
  ">=",
  "<",
  "<=",
  "contains",
  "starts-with",
  "ends-with",
] as const;

/** What a cell has to be for its row to count. */
export interface Condition {
  readonly column: string;
  readonly op: (typeof CONDITION_OPERATIONS)[number];
  /** null: the cell is empty (=) or not (!=). */
  readonly value: string | number | boolean | null;
}

/** The rows that meet all conditions, in their order. */
export function* filterRows(table: Table, where: readonly Condition[]): Sliced<Uint32Array> {
  const tests = where.map((condition) => {
    return { column: table.columns.find(condition.column), meets: toTest(condition) };
  });
  const rows = allRows(table);
  const rounds = new Rounds();
  let found = 0;
  for (let row = 0; row < table.count; row += 1) {
    let meetsAll = true;
    for (const { column, meets } of tests) {
      const cell = cellAt(table, column, row);
      if (rounds.isPauseDue(cell)) {
        yield;
      }
      meetsAll = meets(cell);
      if (!meetsAll) {
        break;
      }
    }
    rows[found] = row;
    found += meetsAll ? 1 : 0;
  }
  return rows.subarray(0, found);
}

/** The test that a condition is; what is the same for all cells is worked out once. */
function toTest({ op, value }: Condition): (cell: Cell) => boolean {
  const isNone = isEmptyCell(value);
  const key = cellKey(value);
  const part = cellText(value).toLowerCase();
  const number = cellNumber(value);
  const isSame = (cell: Cell) =>
    isNone || isEmptyCell(cell) ? isNone && isEmptyCell(cell) : cellKey(cell) === key;
  const compares = (test: (order: number) => boolean) => (cell: Cell) => {
    if (value === null || isEmptyCell(cell)) {
      return false;
    }
    const own = cellNumber(cell);
    // A number is neither more nor less than a text.
    if (own === undefined || number === undefined) {
      return own === number && test(compareTexts(cellKey(cell), key));
    }
    return test(own - number);
  };
  const holds = (test: (text: string) => boolean) => (cell: Cell) =>
    value !== null && !isEmptyCell(cell) && test(cellText(cell).toLowerCase());
  switch (op) {
    case "=":
      return isSame;
    case "!=":
      return (cell) => !isSame(cell);
    case "contains":
      return holds((text) => text.includes(part));
    case "starts-with":
      return holds((text) => text.startsWith(part));
    case "ends-with":
      return holds((text) => text.endsWith(part));
    case ">":
      return compares((order) => order > 0);
    case ">=":
      return compares((order) => order >= 0);
    case "<":
      return compares((order) => order < 0);
    case "<=":
      return compares((order) => order <= 0);
  }
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
