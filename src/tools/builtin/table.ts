import { BuiltinToolError } from "../tool-errors.js";
import type { Cell } from "./cell.js";

/** One row of a table, by the names of its columns; a Map, since a column may be named `__proto__`. */
export type Row = ReadonlyMap<string, Cell>;

/** Rows under named columns. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** How closely a name has to match a column, from exactly to hardly; the first that finds one decides. */
const READINGS: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.trim().toLowerCase(),
  (name) => bare(name),
  (name) => bare(name).replace(/s$/, ""),
];

/**
 * The column that a name means: upper and lower case, spaces, "_" and "-" do not matter, nor does a plural's s.
 * Throws where there is none, or more than one.
 */
export function findColumn(name: string, columns: readonly string[]): string {
  for (const read of READINGS) {
    const wanted = read(name);
    const found = columns.filter((column) => read(column) === wanted);
    if (found.length === 1 && found[0] !== undefined) return found[0];
    if (found.length > 1) {
      throw new BuiltinToolError(
        "UNKNOWN_COLUMN",
        `"${name}" may be any of ${listNames(found)}. Write the name as it stands there.`,
      );
    }
  }
  throw new BuiltinToolError(
    "UNKNOWN_COLUMN",
    `There is no column "${name}". The columns are: ${listNames(columns)}.`,
  );
}

/** The cell of a row; null where it has none. */
export function cellOf(row: Row, column: string): Cell {
  return row.get(column) ?? null;
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
