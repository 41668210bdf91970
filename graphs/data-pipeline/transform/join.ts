import { type Cell, type Column, showValue, toCompositeKey } from "../cell.js";
import type { Operation } from "./operations.js";
import { addColumn, placeOf, type Table } from "./table.js";

type Join = Extract<Operation, { op: "join" }>;

/** Adds columns of another table's row of the same key; where a key is not unique there, rows would be counted twice. */
export function join(left: Table, right: Table, { dataset, on, columns, unmatched = "keep" }: Join): Table {
  const leftPlaces = on.map((pair) => placeOf(left, pair.left));
  const rightPlaces = on.map((pair) => placeOf(right, pair.right));
  const taken = columns.map(({ column, as = column }) => ({ place: placeOf(right, column), as }));
  const added = taken.reduce<Column[]>(
    (known, { place, as }) => addColumn(known, { name: as, type: right.columns[place]?.type ?? "mixed" }),
    [...left.columns],
  );
  const partners = new Map<string, readonly Cell[]>();
  for (const row of right.rows) {
    const key = toCompositeKey(rightPlaces.map((place) => row[place] ?? null));
    if (key === undefined) {
      continue;
    }
    if (partners.has(key)) {
      const value = rightPlaces.map((place) => showValue(row[place] ?? null)).join(", ");
      const names = on.map((pair) => pair.right).join(", ");
      throw new Error(
        `"${dataset}" has several rows with ${names} ${value}, so a join would count rows twice. Validate it with unique: true and quarantine what fails.`,
      );
    }
    partners.set(key, row);
  }
  const rows = left.rows.flatMap((row) => {
    const key = toCompositeKey(leftPlaces.map((place) => row[place] ?? null));
    const partner = key === undefined ? undefined : partners.get(key);
    if (partner === undefined && unmatched === "drop") {
      return [];
    }
    return [[...row, ...taken.map(({ place }) => partner?.[place] ?? null)]];
  });
  return { columns: added, rows };
}
