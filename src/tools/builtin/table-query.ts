/**
 * A question to a table: which rows, in what groups, which figures, in what order, how many.
 *
 * The steps go in that order. Without groups and figures the answer is the rows, with the columns of `select`;
 * with them it is one row for each group: the group's columns, and the figures. Rows and groups keep the order
 * in which they first appear, unless `orderBy` gives another; empty cells come last either way.
 */
import { type Aggregate, aggregate, type ResolvedAggregate, resolveAggregate } from "./aggregate.js";
import { type Cell, cellKey, cellNumber, cellText, compareCells, isEmptyCell } from "./cell.js";
import { cellOf, findColumn, type Row, type Table } from "./table.js";

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

/** A question to a table. */
export interface TableQuery {
  readonly select?: readonly string[] | null | undefined;
  readonly where?: readonly Condition[] | null | undefined;
  readonly groupBy?: readonly string[] | null | undefined;
  readonly aggregates?: readonly Aggregate[] | null | undefined;
  readonly orderBy?: readonly OrderBy[] | null | undefined;
  readonly limit?: number | null | undefined;
}

/** What rows are sorted by. */
export interface OrderBy {
  readonly column: string;
  readonly direction?: "asc" | "desc" | null | undefined;
}

/** The answer. */
export interface TableAnswer {
  readonly rows: { [column: string]: Cell }[];
  /** How many rows or groups there are, before `limit`. */
  readonly count: number;
  /** The one value, where the answer is one row with one column. */
  readonly value?: Cell;
}

/** Asks the table; throws a `BuiltinToolError` where the question names what the table does not have. */
export function queryTable(table: Table, query: TableQuery): TableAnswer {
  const rows = filterRows(table, query.where ?? []);
  const isGrouped = hasAny(query.groupBy) || hasAny(query.aggregates);
  const figures = (query.aggregates ?? []).map((wanted) => resolveAggregate(wanted, table));
  const source = isGrouped ? groupRows({ ...table, rows }, query.groupBy ?? [], figures) : { ...table, rows };
  const sorted = sortRows(source, query.orderBy ?? [], figures);
  const limited = typeof query.limit === "number" ? sorted.slice(0, Math.max(0, query.limit)) : sorted;
  const columns = selectColumns(source, query.select ?? [], figures);
  const shown = limited.map((row) =>
    Object.fromEntries(columns.map((column) => [column, cellOf(row, column)])),
  );
  const answer = { rows: shown, count: rows.length };
  const counted = isGrouped ? { ...answer, count: source.rows.length } : answer;
  const [row, ...moreRows] = shown;
  const values = Object.values(row ?? {});
  const [value, ...moreValues] = values;
  const isOneValue = value !== undefined && moreRows.length === 0 && moreValues.length === 0;
  return isOneValue ? { ...counted, value } : counted;
}

function filterRows(table: Table, where: readonly Condition[]): Row[] {
  const tests = where.map((condition) => {
    const column = findColumn(condition.column, table.columns);
    return (row: Row) => meets(cellOf(row, column), condition);
  });
  return table.rows.filter((row) => tests.every((test) => test(row)));
}

function meets(cell: Cell, { op, value }: Condition): boolean {
  const isEmpty = isEmptyCell(cell);
  const isSame =
    isEmpty || isEmptyCell(value) ? isEmpty && isEmptyCell(value) : cellKey(cell) === cellKey(value);
  if (op === "=") return isSame;
  if (op === "!=") return !isSame;
  if (isEmpty || value === null) return false;
  const text = cellText(cell).toLowerCase();
  const part = cellText(value).toLowerCase();
  if (op === "contains") return text.includes(part);
  if (op === "starts-with") return text.startsWith(part);
  if (op === "ends-with") return text.endsWith(part);
  // A number is neither more nor less than a text.
  if ((cellNumber(cell) === undefined) !== (cellNumber(value) === undefined)) return false;
  const order = compareCells(cell, value);
  if (op === ">") return order > 0;
  if (op === ">=") return order >= 0;
  return op === "<" ? order < 0 : order <= 0;
}

function groupRows(table: Table, groupBy: readonly string[], figures: readonly ResolvedAggregate[]): Table {
  const columns = groupBy.map((name) => findColumn(name, table.columns));
  const groups = new Map<string, Row[]>();
  if (columns.length === 0) groups.set("", [...table.rows]);
  else {
    for (const row of table.rows) {
      const key = JSON.stringify(columns.map((column) => cellKey(cellOf(row, column))));
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [row]);
      else group.push(row);
    }
  }
  const rows = [...groups.values()].map((group) => {
    const first = group[0] ?? new Map<string, Cell>();
    const named = columns.map((column): [string, Cell] => [column, cellOf(first, column)]);
    return new Map([
      ...named,
      ...figures.map((figure): [string, Cell] => [figure.name, aggregate(figure, group)]),
    ]);
  });
  return { columns: [...columns, ...figures.map((figure) => figure.name)], rows };
}

function sortRows(table: Table, orderBy: readonly OrderBy[], figures: readonly ResolvedAggregate[]): Row[] {
  const keys = orderBy.map(({ column, direction }) => ({
    column: resultColumn(column, table, figures),
    sign: direction === "desc" ? -1 : 1,
  }));
  return [...table.rows].sort((a, b) => {
    for (const { column, sign } of keys) {
      const cellA = cellOf(a, column);
      const cellB = cellOf(b, column);
      const emptiness = Number(isEmptyCell(cellA)) - Number(isEmptyCell(cellB));
      const order = emptiness !== 0 ? emptiness : compareCells(cellA, cellB) * sign;
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** A column of the answer; a figure may also be named by the column that it is worked out over. */
function resultColumn(name: string, table: Table, figures: readonly ResolvedAggregate[]): string {
  const isThere = table.columns.includes(name);
  const over = figures.filter((figure) => figure.column !== undefined && matches(name, figure.column));
  const [figure, ...others] = over;
  if (isThere || figure === undefined || others.length > 0) return findColumn(name, table.columns);
  return table.columns.some((column) => matches(name, column))
    ? findColumn(name, table.columns)
    : figure.name;
}

function matches(name: string, column: string): boolean {
  const bare = (text: string) =>
    text
      .toLowerCase()
      .replace(/[\s_-]/g, "")
      .replace(/s$/, "");
  return bare(name) === bare(column);
}

/** The columns of the answer. Figures are always among them: who asks for one and selects columns wants both. */
function selectColumns(
  table: Table,
  select: readonly string[],
  figures: readonly ResolvedAggregate[],
): string[] {
  if (select.length === 0 || select.includes("*")) return [...table.columns];
  const selected = select.map((name) => resultColumn(name, table, figures));
  return [...new Set([...selected, ...figures.map((figure) => figure.name)])];
}

function hasAny(list: readonly unknown[] | null | undefined): boolean {
  return list !== undefined && list !== null && list.length > 0;
}
