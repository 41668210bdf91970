import { toColumns } from "../columns.js";
import type { ChaosRow } from "./case.js";

/** A row, and the case that it belongs to. */
export interface CaseRow extends ChaosRow {
  readonly case: string;
}

const headings = ["case", "phase", "tries", "lost", "repeated", "wrong"] as const;

/** The rows as a table with a line of sums. */
export function toTable(rows: readonly CaseRow[]): string {
  const sum = (count: (row: CaseRow) => number) => rows.reduce((total, row) => total + count(row), 0);
  const cells = [
    headings,
    ...rows.map((row) => [row.case, row.phase, row.tries, ...faultsOf(row).map(({ length }) => length)]),
    [
      "all",
      "",
      sum(({ tries }) => tries),
      ...[0, 1, 2].map((column) => sum((row) => faultsOf(row)[column]?.length ?? 0)),
    ],
  ].map((line) => line.map(String));
  return toColumns(cells, 2);
}

/** What went wrong, a line each. */
export function toFaults(rows: readonly CaseRow[]): string[] {
  return rows.flatMap((row) => {
    const [lost, repeated, wrong] = faultsOf(row);
    const line = (kind: string) => (what: string) => `${kind}: ${row.case}, ${row.phase}: ${what}`;
    return [...lost.map(line("lost")), ...repeated.map(line("repeated")), ...wrong.map(line("wrong"))];
  });
}

function faultsOf({ lost, repeated, wrong }: ChaosRow) {
  return [lost, repeated, wrong] as const;
}
