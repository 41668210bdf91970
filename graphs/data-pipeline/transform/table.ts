import type { Cell, Column } from "../cell.js";

/** Rows in memory while they are transformed. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Where a column stands; an error that names the columns where it is not there. */
export function placeOf({ columns }: Pick<Table, "columns">, name: string): number {
  const place = columns.findIndex((column) => column.name === name);
  if (place >= 0) {
    return place;
  }
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  throw new Error(`There is no column "${name}"; there are ${names || "none"}.`);
}

/** The columns with another beside them; an error where one of that name is there. */
export function addColumn(columns: readonly Column[], column: Column): Column[] {
  if (columns.some(({ name }) => name.toLowerCase() === column.name.toLowerCase())) {
    throw new Error(`There is a column "${column.name}" already; give the new one another name.`);
  }
  return [...columns, column];
}

/** Whether numbers stand in a column. */
export function isNumeric({ type }: Column): boolean {
  return type === "integer" || type === "number" || type === "boolean";
}
