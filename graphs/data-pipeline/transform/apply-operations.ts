import { type Cell, type Column, showValue, toType } from "../cell.js";
import { aggregate, compare } from "./aggregate.js";
import { derive } from "./derive.js";
import { join } from "./join.js";
import type { Operation } from "./operations.js";
import { isNumeric, placeOf, type Table } from "./table.js";

/** How many rows went into an operation, and how many came out. */
export interface OperationCount {
  /** What was done, in words. */
  readonly operation: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
}

/** Carries out operations in their order; `tableOf` gives the other dataset of a join. */
export function applyOperations(
  start: Table,
  operations: readonly Operation[],
  tableOf: (dataset: string) => Table,
): { readonly table: Table; readonly counts: OperationCount[]; readonly notes: string[] } {
  const counts: OperationCount[] = [];
  const notes: string[] = [];
  let table = start;
  for (const [index, operation] of operations.entries()) {
    const before = table.rows.length;
    try {
      table = apply(table, operation, tableOf);
    } catch (cause) {
      if (!(cause instanceof Error)) {
        throw cause;
      }
      throw new Error(`Operation ${index + 1} (${operation.op}): ${cause.message}`, { cause });
    }
    counts.push({ operation: describeOperation(operation), rowsIn: before, rowsOut: table.rows.length });
    notes.push(...describeGaps(table, operation));
  }
  return { table, counts, notes };
}

/** What is empty after an operation since something that it needs was missing: sums leave it out. */
function describeGaps({ columns, rows }: Table, operation: Operation): string[] {
  const wanted =
    operation.op === "derive"
      ? [operation.column]
      : operation.op === "join"
        ? operation.columns.slice(0, 1).map(({ column, as = column }) => as)
        : [];
  return wanted.flatMap((name) => {
    const place = columns.findIndex((column) => column.name === name);
    const empty = rows.filter((row) => row[place] === null).length;
    return empty === 0 ? [] : [`${empty} of ${rows.length} rows have no ${name}`];
  });
}

function describeOperation(operation: Operation): string {
  switch (operation.op) {
    case "rename":
      return `rename ${operation.columns.map(({ from, to }) => `${from} to ${to}`).join(", ")}`;
    case "select":
      return `select ${operation.columns.join(", ")}`;
    case "cast":
      return `${operation.column} as ${operation.type}`;
    case "filter":
      return `only ${operation.column} ${operation.is} ${operation.value ?? ""}`.trim();
    case "derive": {
      const operands = operation.of.map((operand) =>
        "column" in operand ? operand.column : String(operand.value),
      );
      return `${operation.column} = ${operation.by}(${operands.join(", ")})`;
    }
    case "join":
      return `join ${operation.dataset} on ${operation.on.map(({ left }) => left).join(", ")}`;
    case "aggregate": {
      const measures = operation.measures.map(({ as, by, column = "rows" }) => `${as} = ${by}(${column})`);
      return `${measures.join(", ")} by ${operation.by.join(", ") || "all"}`;
    }
  }
}

function apply(table: Table, operation: Operation, tableOf: (dataset: string) => Table): Table {
  switch (operation.op) {
    case "rename":
      return rename(table, operation.columns);
    case "select": {
      const places = operation.columns.map((name) => placeOf(table, name));
      return {
        columns: places.flatMap((place) => table.columns[place] ?? []),
        rows: table.rows.map((row) => places.map((place) => row[place] ?? null)),
      };
    }
    case "cast":
      return cast(table, operation);
    case "filter":
      return filter(table, operation);
    case "derive":
      return derive(table, operation);
    case "join":
      return join(table, tableOf(operation.dataset), operation);
    case "aggregate":
      return aggregate(table, operation);
  }
}

function rename(table: Table, pairs: readonly { readonly from: string; readonly to: string }[]): Table {
  const to = new Map(pairs.map((pair) => [placeOf(table, pair.from), pair.to]));
  const columns = table.columns.map(
    (column, place): Column => ({ ...column, name: to.get(place) ?? column.name }),
  );
  const names = columns.map(({ name }) => name.toLowerCase());
  const twice = columns.find(({ name }, index) => names.indexOf(name.toLowerCase()) !== index);
  if (twice !== undefined) {
    throw new Error(`Two columns would be called "${twice.name}".`);
  }
  return { columns, rows: table.rows };
}

function cast(table: Table, { column, type }: Extract<Operation, { op: "cast" }>): Table {
  const place = placeOf(table, column);
  const rows = table.rows.map((row, index) =>
    row.map((value, at): Cell => {
      if (at !== place) {
        return value;
      }
      const cell = toType(value, type);
      if (cell === undefined) {
        throw new Error(
          `"${column}" of row ${index + 1} is no ${type}: ${showValue(value)}. Validate it as one first.`,
        );
      }
      return cell;
    }),
  );
  return { columns: table.columns.map((old, at) => (at === place ? { ...old, type } : old)), rows };
}

function filter(table: Table, { column, is, value }: Extract<Operation, { op: "filter" }>): Table {
  const place = placeOf(table, column);
  const needsValue = is !== "is empty" && is !== "is not empty";
  if (needsValue && value === undefined) {
    throw new Error(`A filter by "${is}" needs a value.`);
  }
  const described = table.columns[place];
  const isOrder = ["<", "<=", ">", ">="].includes(is);
  if (isOrder && described !== undefined && isNumeric(described) && !Number.isFinite(Number(value))) {
    throw new Error(`"${column}" is a number and cannot be compared with ${showValue(value ?? null)}.`);
  }
  const wanted: Cell = described !== undefined && isNumeric(described) ? toWanted(value) : (value ?? null);
  return { columns: table.columns, rows: table.rows.filter((row) => passes(row[place] ?? null, is, wanted)) };
}

/** A number as a number, and the words for what SQLite keeps as 1 and 0. */
function toWanted(value: string | number | undefined): Cell {
  if (typeof value !== "string") {
    return value ?? null;
  }
  const truth = { true: 1, yes: 1, false: 0, no: 0 }[value.toLowerCase()];
  return truth ?? (value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value);
}

/** As in SQL, an empty value is neither less nor more nor other than anything. */
function passes(cell: Cell, is: Extract<Operation, { op: "filter" }>["is"], wanted: Cell): boolean {
  if (is === "is empty") {
    return cell === null || cell === "";
  }
  if (is === "is not empty") {
    return cell !== null && cell !== "";
  }
  if (cell === null) {
    return false;
  }
  const text = (value: Cell) => String(value).toLowerCase();
  switch (is) {
    case "=":
      return text(cell) === text(wanted);
    case "!=":
      return text(cell) !== text(wanted);
    case "contains":
      return text(cell).includes(text(wanted));
    case "<":
      return order(cell, wanted) < 0;
    case "<=":
      return order(cell, wanted) <= 0;
    case ">":
      return order(cell, wanted) > 0;
    case ">=":
      return order(cell, wanted) >= 0;
  }
}

function order(cell: Cell, wanted: Cell): number {
  return typeof cell === "number" ? compare(cell, wanted) : compare(cell, String(wanted));
}
