/**
 * The cells and columns of a table.
 *
 * A text counts as a number if it is written as one: `42`, `-3.5`, `1,234.50`, `1 234`, `1.234,50`, `12,5`,
 * `1.5e-3`. A currency sign may precede or follow it (`$5`, `5 €`), or a percent sign follow it: `12%` is 12,
 * because someone who asks for more than 10 means the figures in the column. It does not count as a number if
 * a leading zero or a bare exponent makes it a code (`007`, `12E4`), or if it is a whole number with more
 * digits than a JavaScript number holds. `1,234` is a thousand and some, `1.234` is one and some.
 */
import { type JsonValue, toComposed } from "../../../base/index.js";
import { BuiltinToolError } from "../../tool-errors.js";

/** One value of a table. */
export type Cell = JsonValue;

const NUMBER_FORMS: readonly (readonly [pattern: RegExp, toPlain: (text: string) => string])[] = [
  [/^(0|[1-9]\d*)?(\.\d+)?(e[+-]\d{1,3})?$/i, (text) => text],
  [/^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/, (text) => text.replaceAll(",", "")],
  [
    /^[1-9]\d{0,2}([ \u00a0\u202f']\d{3})+([.,]\d+)?$/,
    (text) => text.replace(/[ \u00a0\u202f']/g, "").replace(",", "."),
  ],
  [/^[1-9]\d{0,2}(\.\d{3})+,\d+$/, (text) => text.replaceAll(".", "").replace(",", ".")],
  [/^(0|[1-9]\d*),\d{1,2}$/, (text) => text.replace(",", ".")],
];

/** Reads a cell as a number; undefined if it is none. */
export function cellNumber(cell: Cell): number | undefined {
  if (typeof cell === "number") {
    return cell;
  }
  if (typeof cell !== "string" || cell.length > 40) {
    return undefined;
  }
  const bare = cell
    .trim()
    .replace(/^([+-]?)\s*\p{Sc}\s*/u, "$1")
    .replace(/\s*(\p{Sc}|%)$/u, "");
  return plainNumber(bare);
}

/**
 * Makes a cell from text in a file without types. Empty text becomes null, and a number without a unit
 * becomes a number.
 */
export function cellFromText(text: string): Cell {
  return text.trim() === "" ? null : (plainNumber(text.trim()) ?? text);
}

/** Whether a cell is empty: null, or text of spaces only. */
export function isEmptyCell(cell: Cell): boolean {
  return cell === null || (typeof cell === "string" && cell.trim() === "");
}

export function cellText(cell: Cell): string {
  if (typeof cell === "string") {
    return cell.trim();
  }
  return cell === null ? "" : typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

/** Returns what a cell is compared by: text regardless of case, numbers by value. */
export function cellKey(cell: Cell): string {
  return String(cellRank(cell));
}

/** What a cell is ordered by: its number, or else its text. */
export type CellRank = number | string;

export function cellRank(cell: Cell): CellRank {
  return cellNumber(cell) ?? toComposed(cellText(cell)).toLowerCase();
}

/** Orders two cells by their ranks: numbers by value, then text alphabetically. */
export function compareRanks(a: CellRank, b: CellRank): number {
  if (typeof a === "number" && typeof b === "number") {
    return a - b;
  }
  if (typeof a !== typeof b) {
    return typeof a === "number" ? -1 : 1;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function plainNumber(text: string): number | undefined {
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  const digits = text.slice(sign.length);
  if (!/^[\d.]/.test(digits)) {
    return undefined;
  }
  const form = NUMBER_FORMS.find(([pattern]) => pattern.test(digits));
  if (form === undefined) {
    return undefined;
  }
  const value = Number(form[1](digits));
  const isTooLong = /^[\d,]+$/.test(digits) && value > Number.MAX_SAFE_INTEGER;
  if (!Number.isFinite(value) || isTooLong) {
    return undefined;
  }
  return sign === "-" ? 0 - value : value;
}

/** Rows under named columns. */
export interface Table {
  readonly columns: ColumnNames;
  /** The cells by column, then by row, because that takes the least memory. A missing cell is empty. */
  readonly cells: readonly (readonly (Cell | undefined)[])[];
  /** Number of rows. */
  readonly count: number;
}

/** Limit for the columns of a table. */
export const MAX_COLUMNS = 1_000;
/** Limit for the cells of a table, rows times columns. */
const MAX_CELLS = 300_000;

/** Ways to match a name to a column, from exact to loose. The first that finds one decides. */
const READINGS: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.trim().toLowerCase(),
  bare,
  looseName,
];

/** A table's column names, and the lookup of a column by name. */
export class ColumnNames {
  readonly #byReading: ReadonlyMap<string, readonly number[]>[] = [];

  constructor(readonly all: readonly string[]) {}

  /**
   * Returns the index of the column that a name means. Case, spaces, "_", "-" and a plural's s do not matter.
   * Throws if there is no such column, or more than one.
   */
  find(name: string): number {
    for (const [index, read] of READINGS.entries()) {
      const found = this.#read(index).get(read(name)) ?? [];
      const [only, ...others] = found;
      if (only === undefined) {
        continue;
      }
      if (others.length === 0) {
        return only;
      }
      throw new BuiltinToolError(
        "UNKNOWN_COLUMN",
        `"${name}" may be any of ${listNames(found.map((place) => this.nameOf(place)))}. Write the name as it stands there.`,
      );
    }
    throw this.#unknown([name]);
  }

  /** Throws if some names mean no column. Whoever is told of all of them at once need not ask once for each. */
  assertHas(names: readonly string[]): void {
    const unknown = [...new Set(names)].filter((name) => !this.hasLike(name));
    if (unknown.length > 0) {
      throw this.#unknown(unknown);
    }
  }

  #unknown(names: readonly string[]): BuiltinToolError {
    const what = names.length === 1 ? "is no column" : "are no columns";
    return new BuiltinToolError(
      "UNKNOWN_COLUMN",
      `There ${what} ${listNames(names)}. The columns are: ${listNames(this.all)}.`,
    );
  }

  /** Whether a name resembles a column's name. */
  hasLike(name: string): boolean {
    return this.#read(READINGS.length - 1).has(looseName(name));
  }

  /** Returns the name of the column at an index. */
  nameOf(place: number): string {
    return this.all[place] ?? "";
  }

  /** Indexes the columns by their names in one reading. Each name is read once, however many lookups follow. */
  #read(index: number): ReadonlyMap<string, readonly number[]> {
    const before = this.#byReading[index];
    if (before !== undefined) {
      return before;
    }
    const places = new Map<string, number[]>();
    for (const [place, column] of this.all.entries()) {
      const read = READINGS[index]?.(column) ?? column;
      const found = places.get(read) ?? [];
      found.push(place);
      places.set(read, found);
    }
    this.#byReading[index] = places;
    return places;
  }
}

/** Reduces a name for the loosest comparison. */
export function looseName(name: string): string {
  return bare(name).replace(/s$/, "");
}

/** Returns a row's cell; null if there is none. */
export function cellAt({ cells }: Table, column: number, row: number): Cell {
  return cells[column]?.[row] ?? null;
}

/** Throws if a table is larger than we handle. `name` says where the table comes from. */
export function assertTableSize(name: string, rows: number, columns: number): void {
  if (columns > MAX_COLUMNS) {
    throw tooLarge(`"${name}" has at least ${columns} columns; ${MAX_COLUMNS} are the most for a table.`);
  }
  if (rows * columns <= MAX_CELLS) {
    return;
  }
  throw tooLarge(
    `"${name}" has at least ${rows * columns} cells, ${rows} rows of ${columns} columns; ${MAX_CELLS} are the most for a table. Split it into smaller files.`,
  );
}

/** Makes the error for an input that is larger than we handle. */
export function tooLarge(message: string): BuiltinToolError {
  return new BuiltinToolError("TOO_LARGE", message);
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) {
    return "none";
  }
  const shown = names.slice(0, 50).map((name) => `"${name}"`);
  return names.length > shown.length
    ? `${shown.join(", ")} and ${names.length - shown.length} more`
    : shown.join(", ");
}

/** The numbers of all rows. */
export function allRows({ count }: Table): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row);
}
