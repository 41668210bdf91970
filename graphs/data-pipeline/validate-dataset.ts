import { type Cell, type Column, toKey, toType } from "./cell.js";
import { type ColumnCheck, checkRows } from "./check-rows.js";
import type { Dataset, Fault, StagedRow } from "./dataset.js";
import { type Expectation, mergeExpectations } from "./expectations.js";
import { groupBy } from "./group-by.js";
import type { ColumnRule, TableRule } from "./rules.js";
import type { Staging } from "./staging.js";

/** A check that did not pass. */
export interface FailedCheck {
  readonly check: string;
  /** How many rows it fails for; 0 where it is about the table. */
  readonly rows: number;
  /** How many of them a repair can mend. */
  readonly repairable: number;
  /** What is wrong, of the first rows. */
  readonly examples: readonly string[];
}

/** What a validation found. */
export interface Validation {
  readonly columns: readonly Column[];
  readonly faults: readonly Fault[];
  /** How many checks there were. */
  readonly checks: number;
  readonly failed: readonly FailedCheck[];
  readonly badRows: number;
}

const MAX_EXAMPLES = 3;

/** Checks a dataset by the rules of its table and by what is expected of it beside them. */
export function validateDataset(
  staging: Staging,
  dataset: Dataset,
  rule: TableRule,
  expected: readonly Expectation[],
): Validation {
  const rules = mergeExpectations(rule, expected);
  const columns = dataset.columns.map(
    ({ name, type }): Column => ({ name, type: rules.get(name)?.type ?? type }),
  );
  const placeOf = (name: string) => columns.findIndex((column) => column.name === name);
  const ofTable = checkTable(
    dataset,
    rule,
    [...rules.keys()].filter((name) => placeOf(name) < 0),
  );
  const rows = staging.rawRows({ ...dataset, columns });
  const checks = columns.map((column, place): ColumnCheck => {
    const columnRule = rules.get(column.name) ?? {};
    return { place, column, rule: columnRule, ...allowedFor(staging, dataset, columnRule, columns, rows) };
  });
  const unique = checks.filter((check) => check.rule.unique === true).map(({ place }) => [place]);
  const key = (rule.key ?? []).map(placeOf).filter((place) => place >= 0);
  const keys = key.length > 1 ? [...unique, key] : unique;
  const faults = checkRows(rows, checks, keys, columns);
  const failed = [...ofTable, ...groupFaults(faults, rows, columns)];
  const badRows = new Set(faults.map(({ position }) => position)).size;
  // Each row's shape, each column's type, each rule, each key, and the number of rows.
  const declared = [...rules.values()].map((columnRule) => countChecks(columnRule));
  const count = 1 + columns.length + keys.length + 1 + declared.reduce((sum, each) => sum + each, 0);
  return { columns, faults, checks: count, failed, badRows };
}

function countChecks({ required, min, max, above, oneOf, references }: ColumnRule): number {
  const hasRange = [min, max, above].some((bound) => bound !== undefined);
  return [required === true, hasRange, oneOf, references].filter(Boolean).length;
}

function checkTable(
  dataset: Dataset,
  { minRows, maxRows }: TableRule,
  missing: readonly string[],
): FailedCheck[] {
  const { rows, table, columns } = dataset;
  const failed: string[] = [];
  if (missing.length > 0) {
    const there = columns.map(({ name }) => name).join(", ");
    failed.push(`${table} has no column ${missing.join(", ")}; it has ${there || "none"}`);
  }
  if (minRows !== undefined && rows < minRows) {
    failed.push(`${table} has ${rows} rows, fewer than ${minRows}`);
  }
  if (maxRows !== undefined && rows > maxRows) {
    failed.push(`${table} has ${rows} rows, more than ${maxRows}`);
  }
  return failed.map((example) => ({ check: "table", rows: 0, repairable: 0, examples: [example] }));
}

/** What a reference may be: what stands in the newest dataset of the other table. */
function allowedFor(
  staging: Staging,
  dataset: Dataset,
  { references }: ColumnRule,
  ownColumns: readonly Column[],
  ownRows: readonly StagedRow[],
): { readonly allowed?: ReadonlyMap<string, Cell> } {
  if (references === undefined) {
    return {};
  }
  const isOwn = references.table.toLowerCase() === dataset.table.toLowerCase();
  const other = isOwn ? dataset : staging.newestOf(references.table);
  if (other === undefined) {
    staging.note(
      "warning",
      `${dataset.table}: there is no ${references.table} to look its references up in`,
      null,
    );
    return {};
  }
  const columns = isOwn ? ownColumns : other.columns;
  const place = columns.findIndex(({ name }) => name === references.column);
  const column = columns[place];
  if (column === undefined) {
    throw new Error(
      `The rules refer to ${references.table}.${references.column}, which "${other.name}" has not.`,
    );
  }
  const allowed = new Map<string, Cell>();
  for (const { values, fault } of isOwn ? ownRows : staging.rawRows(other)) {
    const cell = fault === undefined ? toType(values[place] ?? null, column.type) : undefined;
    const key = cell === undefined ? undefined : toKey(cell);
    if (cell !== undefined && key !== undefined) {
      allowed.set(key, cell);
    }
  }
  return { allowed };
}

function groupFaults(
  faults: readonly Fault[],
  rows: readonly StagedRow[],
  columns: readonly Column[],
): FailedCheck[] {
  const groups = groupBy(faults, ({ check, column }) => JSON.stringify([check, column]));
  return [...groups.values()].map((group) => {
    const [first] = group;
    const name = first?.column === undefined ? "" : ` of ${columns[first.column]?.name}`;
    return {
      check: `${first?.check}${name}`,
      rows: new Set(group.map(({ position }) => position)).size,
      repairable: group.filter(({ repaired }) => repaired !== undefined).length,
      examples: group
        .slice(0, MAX_EXAMPLES)
        .map(({ position, reason }) => `row ${rows[position]?.row}: ${reason}`),
    };
  });
}
