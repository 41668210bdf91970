import { BuiltinToolError } from "../tool-errors.js";
import type { Cell } from "./cell.js";

/** Rows under named columns. */
export interface Table {
  readonly columns: ColumnNames;
  /** The cells by column, then by row: that takes the least memory. What is left out is empty. */
  readonly cells: readonly (readonly (Cell | undefined)[])[];
  /** How many rows there are. */
  readonly count: number;
}

/** Columns that a table may have. */
export const MAX_COLUMNS = 1_000;
/** Cells that a table may have, rows times columns. */
export const MAX_CELLS = 300_000;

/** How closely a name has to match a column, from exactly to hardly; the first that finds one decides. */
const READINGS: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.trim().toLowerCase(),
  bare,
  looseName,
];

/** The names of a table's columns, and which of them a name means. */
export class ColumnNames {
  readonly #byReading: ReadonlyMap<string, readonly number[]>[] = [];

  constructor(readonly all: readonly string[]) {}

  /**
   * The place of the column that a name means: upper and lower case, spaces, "_" and "-" do not matter, nor does a
   * plural's s. Throws where there is none, or more than one.
   */
  find(name: string): number {
    for (const [index, read] of READINGS.entries()) {
      const found = this.#read(index).get(read(name)) ?? [];
      const [only, ...others] = found;
      if (only === undefined) continue;
      if (others.length === 0) return only;
      throw new BuiltinToolError(
        "UNKNOWN_COLUMN",
        `"${name}" may be any of ${listNames(found.map((place) => this.nameOf(place)))}. Write the name as it stands there.`,
      );
    }
    throw new BuiltinToolError(
      "UNKNOWN_COLUMN",
      `There is no column "${name}". The columns are: ${listNames(this.all)}.`,
    );
  }

  /** Whether a name is anything like a column's. */
  hasLike(name: string): boolean {
    return this.#read(READINGS.length - 1).has(looseName(name));
  }

  /** The name of the column at a place. */
  nameOf(place: number): string {
    return this.all[place] ?? "";
  }

  /** The places of the columns by their names as one reading has them: each name is read once, however many are asked for. */
  #read(index: number): ReadonlyMap<string, readonly number[]> {
    const before = this.#byReading[index];
    if (before !== undefined) return before;
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

/** A name as it is compared most loosely. */
export function looseName(name: string): string {
  return bare(name).replace(/s$/, "");
}

/** The cell of a row; null where it has none. */
export function cellAt({ cells }: Table, column: number, row: number): Cell {
  return cells[column]?.[row] ?? null;
}

/** Throws where a table, named by where it comes from, is larger than is looked at. */
export function assertTableSize(name: string, rows: number, columns: number): void {
  if (columns > MAX_COLUMNS) {
    throw tooLarge(`"${name}" has at least ${columns} columns; ${MAX_COLUMNS} are the most for a table.`);
  }
  if (rows * columns <= MAX_CELLS) return;
  throw tooLarge(
    `"${name}" has at least ${rows * columns} cells, ${rows} rows of ${columns} columns; ${MAX_CELLS} are the most for a table. Split it into smaller files.`,
  );
}

/** The error of an input that is larger than is looked at. */
export function tooLarge(message: string): BuiltinToolError {
  return new BuiltinToolError("TOO_LARGE", message);
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const shown = names.slice(0, 50).map((name) => `"${name}"`);
  return names.length > shown.length
    ? `${shown.join(", ")} and ${names.length - shown.length} more`
    : shown.join(", ");
}
