import type { Cell, Column, ColumnType } from "../cell.js";
import { fromDecimal, minus, plus, roundTo, times, toDecimal } from "../decimal.js";
import type { Operand, Operation } from "./operations.js";
import { addColumn, isNumeric, placeOf, type Table } from "./table.js";

type Derive = Extract<Operation, { op: "derive" }>;

const PLACES_OF_A_QUOTIENT = 12;

/** Adds a column that is worked out of others; it is empty where one of those is. */
export function derive(table: Table, operation: Derive): Table {
  const { column, by, of, decimals } = operation;
  const read = of.map((operand) => toReader(table, operand, operation));
  const work = workOf(operation, of.length);
  const type = typeOf(table, operation);
  const round = (value: Cell): Cell =>
    decimals === undefined || typeof value !== "number"
      ? value
      : fromDecimal(roundTo(toDecimal(value), decimals));
  const rows = table.rows.map((row) => {
    const values = read.map((readFrom) => readFrom(row));
    const isEmpty = by === "concatenate" ? values.every((value) => value === null) : values.includes(null);
    return [...row, isEmpty ? null : round(work(values))];
  });
  return { columns: addColumn(table.columns, { name: column, type }), rows };
}

const ARITHMETIC: readonly Derive["by"][] = ["add", "subtract", "multiply", "divide"];

function toReader(table: Table, operand: Operand, { by, column }: Derive): (row: readonly Cell[]) => Cell {
  if ("value" in operand) {
    if (ARITHMETIC.includes(by) && typeof operand.value !== "number") {
      throw new Error(
        `"${column}" cannot be worked out with ${JSON.stringify(operand.value)}, which is no number.`,
      );
    }
    return () => operand.value;
  }
  const place = placeOf(table, operand.column);
  const { name, type } = table.columns[place] ?? { name: operand.column, type: "mixed" };
  if (ARITHMETIC.includes(by) && !isNumeric({ name, type })) {
    throw new Error(
      `"${column}" cannot be worked out with "${name}", which is ${type} and not a number: validate it as one.`,
    );
  }
  if (["year", "quarter", "month"].includes(by) && type !== "date" && type !== "datetime") {
    throw new Error(`"${column}" needs a date, and "${name}" is ${type}: validate it as a date.`);
  }
  return (row) => row[place] ?? null;
}

function workOf({ by, column }: Derive, operands: number): (values: readonly Cell[]) => Cell {
  const isSingle = !ARITHMETIC.includes(by) && by !== "concatenate";
  if (isSingle ? operands !== 1 : operands < 2) {
    throw new Error(
      `"${column}" by ${by} takes ${isSingle ? "one operand" : "two operands or more"}, not ${operands}.`,
    );
  }
  switch (by) {
    case "add":
      return fold((left, right) => fromDecimal(plus(toDecimal(left), toDecimal(right))));
    case "subtract":
      return fold((left, right) => fromDecimal(minus(toDecimal(left), toDecimal(right))));
    case "multiply":
      return fold((left, right) => fromDecimal(times(toDecimal(left), toDecimal(right))));
    case "divide":
      return fold(divide);
    case "concatenate":
      return (values) => values.filter((value) => value !== null).join(" ");
    case "year":
      return ([date]) => Number(String(date).slice(0, 4));
    case "month":
      return ([date]) => String(date).slice(0, 7);
    case "quarter":
      return ([date]) => `${String(date).slice(0, 4)}-Q${Math.ceil(Number(String(date).slice(5, 7)) / 3)}`;
    case "lower":
      return ([text]) => String(text).toLowerCase();
    case "upper":
      return ([text]) => String(text).toUpperCase();
  }
}

/** Nothing comes of a division by zero, as in SQL. */
function divide(left: number, right: number): number | null {
  if (right === 0) {
    return null;
  }
  const quotient = left / right;
  return Number.isInteger(quotient)
    ? quotient
    : fromDecimal(roundTo(toDecimal(quotient), PLACES_OF_A_QUOTIENT));
}

function fold(work: (left: number, right: number) => number | null): (values: readonly Cell[]) => Cell {
  return (values) =>
    values.map(Number).reduce<number | null>((left, right, index) => {
      if (index === 0) {
        return right;
      }
      return left === null ? null : work(left, right);
    }, null);
}

function typeOf(table: Table, { by, of }: Derive): ColumnType {
  if (by === "year") {
    return "integer";
  }
  if (!ARITHMETIC.includes(by)) {
    return "text";
  }
  const isWhole = (operand: Operand): boolean => {
    if ("value" in operand) {
      return Number.isInteger(operand.value);
    }
    return columnOf(table, operand.column)?.type === "integer";
  };
  return by !== "divide" && of.every(isWhole) ? "integer" : "number";
}

function columnOf({ columns }: Table, name: string): Column | undefined {
  return columns.find((column) => column.name === name);
}
