import { isDate, isDateTime } from "./dates.js";

/** A value as a source has it. */
export type Raw = string | number | boolean | null;
/** A value as SQLite keeps it. */
export type Cell = string | number | null;

/** What a column can hold; `mixed` leaves each value as it is. */
export const COLUMN_TYPES = ["integer", "number", "boolean", "date", "datetime", "text", "mixed"] as const;
/** One of `columnTypes`. */
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** A column of a dataset. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

const INTEGER = /^-?(?:0|[1-9]\d{0,15})$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
/** Digits that a double keeps. */
const EXACT_DIGITS = 15;

/** A value as its type has it; undefined where it is none. Nothing is guessed: "007" is no number, " 7" neither. */
export function toType(raw: Raw, type: ColumnType): Cell | undefined {
  if (raw === null) {
    return null;
  }
  switch (type) {
    case "integer":
      return toInteger(raw);
    case "number":
      return toNumber(raw);
    case "boolean":
      return toBoolean(raw);
    case "date":
      return typeof raw === "string" && isDate(raw) ? raw : undefined;
    case "datetime":
      return typeof raw === "string" && (isDate(raw) || isDateTime(raw)) ? raw : undefined;
    case "text":
      return String(raw);
    case "mixed":
      return typeof raw === "boolean" ? Number(raw) : raw;
  }
}

function toInteger(raw: string | number | boolean): number | undefined {
  if (typeof raw === "number") {
    return Number.isSafeInteger(raw) ? raw : undefined;
  }
  if (typeof raw === "boolean" || !INTEGER.test(raw)) {
    return undefined;
  }
  return Number.isSafeInteger(Number(raw)) ? Number(raw) : undefined;
}

function toNumber(raw: string | number | boolean): number | undefined {
  if (typeof raw === "number") {
    return Number.isFinite(raw) ? raw : undefined;
  }
  if (typeof raw === "boolean" || !NUMBER.test(raw)) {
    return undefined;
  }
  const digits = raw.replace(/^-?0*\.?0*/, "").replace(".", "").length;
  return digits <= EXACT_DIGITS || toInteger(raw) !== undefined ? Number(raw) : undefined;
}

function toBoolean(raw: string | number | boolean): number | undefined {
  if (typeof raw === "boolean") {
    return Number(raw);
  }
  if (raw === 0 || raw === 1) {
    return raw;
  }
  const word = typeof raw === "string" ? raw.toLowerCase() : "";
  return word === "true" ? 1 : word === "false" ? 0 : undefined;
}

/**
 * The narrowest type that every value of a column has; `mixed` where numbers and text stand side by side. Where the
 * source has types of its own (`isTyped`) its text is text, even "7".
 */
export function inferType(values: readonly Raw[], isTyped: boolean): ColumnType {
  const given = values.filter((value) => value !== null);
  if (given.length === 0) {
    return "text";
  }
  const isText = given.every((value) => typeof value === "string");
  const isMeantAsText = isTyped && given.some((value) => typeof value === "string");
  const narrow: readonly ColumnType[] = isMeantAsText
    ? isText
      ? ["date", "datetime"]
      : []
    : ["integer", "number", "boolean", "date", "datetime"];
  const found = narrow.find((type) => given.every((value) => toType(value, type) !== undefined));
  if (found !== undefined) {
    return found;
  }
  return isText ? "text" : "mixed";
}

/** What two values have in common that stand for the same key, in whatever source: 7 and "7". */
export function toKey(value: Cell): string | undefined {
  return value === null ? undefined : String(value);
}

/** Several values as one key; undefined where one of them is not there. */
export function toCompositeKey(values: readonly Cell[]): string | undefined {
  const keys = values.map(toKey);
  return keys.includes(undefined) ? undefined : JSON.stringify(keys);
}

/** A value as a message shows it: short, on one line. */
export function showValue(value: Raw): string {
  if (value === null) {
    return "nothing";
  }
  const text = (typeof value === "string" ? JSON.stringify(value) : String(value)).replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
