/**
 * Queries a table: filters the rows, groups them, computes figures, sorts and limits. Without groups and
 * figures, the answer is the rows with the columns of `select`. With them, it is one row per group: its
 * columns and its figures. Rows and groups keep the order of first appearance unless `orderBy` gives another,
 * and empty cells always come last.
 */
import { ROUNDS_A_PAUSE, Rounds, type Sliced } from "../in-slices.js";
import { type Aggregate, aggregate, type ResolvedAggregate, resolveAggregate } from "./aggregate.js";
import { type Condition, filterRows } from "./filter-rows.js";
import { sortRows } from "./sort-rows.js";
import {
  allRows,
  type Cell,
  ColumnNames,
  cellAt,
  cellKey,
  looseName,
  MAX_COLUMNS,
  type Table,
  tooLarge,
} from "./table.js";

export interface TableQuery {
  readonly select?: readonly string[] | null | undefined;
  readonly where?: readonly Condition[] | null | undefined;
  readonly groupBy?: readonly string[] | null | undefined;
  readonly aggregates?: readonly Aggregate[] | null | undefined;
  readonly orderBy?: readonly OrderBy[] | null | undefined;
  readonly limit?: number | null | undefined;
}

export interface OrderBy {
  readonly column: string;
  readonly direction?: "asc" | "desc" | null | undefined;
}

export interface TableAnswer {
  readonly rows: { [column: string]: Cell }[];
  /** Number of rows or groups before `limit`. */
  readonly count: number;
  /** The value, if the answer is one row with one column. */
  readonly value?: Cell;
  /** True if only the first rows are given. */
  readonly truncated?: boolean;
}

/** Limit for the conditions, for the columns to group or sort by, and for the figures of one query. */
const MAX_PARTS = 50;
/** Length limit for `contains`, because finding a long text inside others can take very long. */
const MAX_PART_LENGTH = 300;
/** Limit for the cells of an answer; a step's output could not hold more. */
const MAX_GIVEN_CELLS = 100_000;

/** Runs a query. Throws a `BuiltinToolError` if the query names something that the table does not have. */
export function* queryTable(table: Table, query: TableQuery): Sliced<TableAnswer> {
  assertParts(query);
  const isGrouped = hasAny(query.groupBy) || hasAny(query.aggregates);
  table.columns.assertHas(namesIn(query, isGrouped));
  const groupBy = isGrouped ? groupsOf(query, table.columns) : [];
  const rows = yield* filterRows(table, query.where ?? []);
  const figures = (query.aggregates ?? []).map((wanted) => resolveAggregate(wanted, table));
  const source = isGrouped ? yield* groupRows(table, rows, groupBy, figures) : table;
  const columnOf = createColumnFinder(table, source, figures);
  const order = (query.orderBy ?? []).map(({ column, direction }) => {
    return { column: columnOf(column), isDescending: direction === "desc" };
  });
  const sorted = yield* sortRows(source, isGrouped ? allRows(source) : rows, order);
  const limited = typeof query.limit === "number" ? sorted.subarray(0, Math.max(0, query.limit)) : sorted;
  // Beside figures for which nothing was said, all is given: the groups and the figures.
  const isWhole = isGrouped && !hasAny(query.groupBy);
  const columns = selectColumns(isWhole ? [] : (query.select ?? []), source.columns.all, figures, columnOf);
  const given = limited.subarray(0, Math.max(1, Math.floor(MAX_GIVEN_CELLS / Math.max(1, columns.length))));
  const shown: TableAnswer["rows"] = [];
  for (const [place, row] of given.entries()) {
    if (place % ROUNDS_A_PAUSE === ROUNDS_A_PAUSE - 1) {
      yield;
    }
    const cells = columns.map((index): [string, Cell] => [
      source.columns.nameOf(index),
      cellAt(source, index, row),
    ]);
    shown.push(Object.fromEntries(cells));
  }
  const isCut = given.length < limited.length;
  const answer = { rows: shown, count: sorted.length, ...(isCut ? { truncated: true } : {}) };
  const [row, ...moreRows] = shown;
  const values = Object.values(row ?? {});
  const [value, ...moreValues] = values;
  const isOneValue = value !== undefined && moreRows.length === 0 && moreValues.length === 0;
  return isOneValue ? { ...answer, value } : answer;
}

/** The columns to group by. Whoever selects a column beside figures, and does not say so, wants a figure for each value. */
function groupsOf({ groupBy, aggregates, select }: TableQuery, columns: ColumnNames): readonly string[] {
  if (groupBy && hasAny(groupBy)) {
    return groupBy;
  }
  const counted = (aggregates ?? []).flatMap(({ column }) => (column ? [looseName(column)] : []));
  return (select ?? []).filter((name) => columns.hasLike(name) && !counted.includes(looseName(name)));
}

/** The columns of the table that a query names. Beside figures, what is selected and sorted by may be a figure. */
function namesIn({ where, groupBy, aggregates, select, orderBy }: TableQuery, isGrouped: boolean): string[] {
  const selected = (select ?? []).filter((name) => name !== "*");
  return [
    ...(where ?? []).map(({ column }) => column),
    ...(groupBy ?? []),
    ...(aggregates ?? []).flatMap(({ column }) => column ?? []),
    ...(isGrouped ? [] : [...selected, ...(orderBy ?? []).map(({ column }) => column)]),
  ];
}

function assertParts({ where, groupBy, aggregates, orderBy, select }: TableQuery): void {
  for (const [name, list] of Object.entries({ where, groupBy, aggregates, orderBy, select })) {
    const most = name === "select" ? MAX_COLUMNS : MAX_PARTS;
    if ((list?.length ?? 0) <= most) {
      continue;
    }
    throw tooLarge(`The query has ${list?.length} entries in "${name}"; ${most} are the most.`);
  }
  for (const { op, value } of where ?? []) {
    const length = typeof value === "string" ? value.length : 0;
    if (op !== "contains" || length <= MAX_PART_LENGTH) {
      continue;
    }
    throw tooLarge(`The text to look for has ${length} characters; ${MAX_PART_LENGTH} are the most.`);
  }
}

function* groupRows(
  table: Table,
  rows: Uint32Array,
  groupBy: readonly string[],
  figures: readonly ResolvedAggregate[],
): Sliced<Table> {
  const columns = [...new Set(groupBy.map((name) => table.columns.find(name)))];
  const whole = { rows, ends: [rows.length] };
  const groups = columns.length === 0 ? whole : yield* gatherGroups(table, rows, columns);
  const cells: Cell[][] = [...columns, ...figures].map(() => []);
  let start = 0;
  for (const end of groups.ends) {
    yield;
    const group = groups.rows.subarray(start, end);
    start = end;
    for (const [place, column] of columns.entries()) {
      cells[place]?.push(cellAt(table, column, group[0] ?? 0));
    }
    for (const [place, figure] of figures.entries()) {
      cells[columns.length + place]?.push(yield* aggregate(figure, table, group));
    }
  }
  const names = [
    ...columns.map((column) => table.columns.nameOf(column)),
    ...figures.map(({ name }) => name),
  ];
  return { columns: new ColumnNames(names), cells, count: groups.ends.length };
}

/** Rows group by group, and where each group ends. Many small lists would take too much memory. */
interface Groups {
  readonly rows: Uint32Array;
  readonly ends: readonly number[];
}

/** Groups the rows. Groups, and the rows in each, keep the order in which they first appear. */
function* gatherGroups(table: Table, rows: Uint32Array, columns: readonly number[]): Sliced<Groups> {
  const numbers = new Map<string, number>();
  const sizes: number[] = [];
  const groupOf = new Uint32Array(rows.length);
  const rounds = new Rounds();
  for (const [place, row] of rows.entries()) {
    const keys: string[] = [];
    for (const column of columns) {
      const cell = cellAt(table, column, row);
      if (rounds.isPauseDue(cell)) {
        yield;
      }
      keys.push(cellKey(cell));
    }
    const key = JSON.stringify(keys);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    groupOf[place] = number;
    sizes[number] = (sizes[number] ?? 0) + 1;
  }
  let total = 0;
  const ends = sizes.map((size) => {
    total += size;
    return total;
  });
  const next = Uint32Array.from(ends, (end, number) => end - (sizes[number] ?? 0));
  const grouped = new Uint32Array(rows.length);
  for (const [place, number] of groupOf.entries()) {
    if (place % ROUNDS_A_PAUSE === ROUNDS_A_PAUSE - 1) {
      yield;
    }
    const at = next[number] ?? 0;
    grouped[at] = rows[place] ?? 0;
    next[number] = at + 1;
  }
  return { rows: grouped, ends };
}

/** Finds the columns of the answer. A figure can also be named by the column that it is computed from. */
function createColumnFinder(table: Table, source: Table, figures: readonly ResolvedAggregate[]) {
  const overs = figures.map(({ column }) =>
    column === undefined ? undefined : looseName(table.columns.nameOf(column)),
  );
  return (name: string): number => {
    if (source.columns.hasLike(name)) {
      return source.columns.find(name);
    }
    const loose = looseName(name);
    const [figure, ...others] = figures.filter((_, index) => overs[index] === loose);
    if (figure === undefined || others.length > 0) {
      return source.columns.find(name);
    }
    return source.columns.all.lastIndexOf(figure.name);
  };
}

/** Selects the answer's columns. Figures are always included, because whoever asks for both wants both. */
function selectColumns(
  select: readonly string[],
  columns: readonly string[],
  figures: readonly ResolvedAggregate[],
  columnOf: (name: string) => number,
): number[] {
  if (select.length === 0 || select.includes("*")) {
    return [...columns.keys()];
  }
  return [...new Set([...select.map(columnOf), ...figures.map(({ name }) => columns.lastIndexOf(name))])];
}

function hasAny(list: readonly unknown[] | null | undefined): boolean {
  return list !== undefined && list !== null && list.length > 0;
}
