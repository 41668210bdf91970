import { type Cell, type Column, type Raw, showValue, toCompositeKey, toKey, toType } from "./cell.js";
import type { Fault, StagedRow } from "./dataset.js";
import { repairType } from "./repair-value.js";
import type { ColumnRule } from "./rules.js";

/** What a column's values are checked by. */
export interface ColumnCheck {
  readonly place: number;
  readonly column: Column;
  readonly rule: ColumnRule;
  /** The keys that a reference may have, and the rows that are looked into; undefined for a column without one. */
  readonly allowed?: ReadonlyMap<string, Cell>;
}

/** Finds what is wrong with the rows: first with each value, then with keys that occur twice. */
export function checkRows(
  rows: readonly StagedRow[],
  checks: readonly ColumnCheck[],
  keys: readonly (readonly number[])[],
  columns: readonly Column[],
): Fault[] {
  const faults: Fault[] = [];
  for (const [position, { values, fault }] of rows.entries()) {
    if (fault !== undefined) {
      faults.push({ position, check: "shape", reason: fault });
      continue;
    }
    for (const check of checks) {
      const found = checkValue(values[check.place] ?? null, check);
      if (found !== undefined) {
        faults.push({ position, column: check.place, ...found });
      }
    }
  }
  return [...faults, ...keys.flatMap((places) => findRepeats(rows, places, columns))];
}

type ValueFault = Pick<Fault, "check" | "reason" | "repaired">;

function checkValue(
  raw: Raw,
  { column: { name, type }, rule, allowed }: ColumnCheck,
): ValueFault | undefined {
  const isBlank = raw === null || (typeof raw === "string" && raw.trim() === "");
  if (isBlank && (rule.required === true || (raw !== null && type !== "text" && type !== "mixed"))) {
    if (rule.required !== true) {
      return { check: "type", reason: `${name} is blank`, repaired: null };
    }
    return { check: "required", reason: `${name} is missing`, ...orElse(rule.default) };
  }
  if (raw === null) {
    return undefined;
  }
  const cell = toType(raw, type);
  if (cell === undefined) {
    const repaired = repairType(raw, type, rule);
    const reason = `${name} is no ${type}: ${showValue(raw)}`;
    return { check: "type", reason, ...orElse(repaired) };
  }
  return (
    checkOneOf(cell, name, rule) ?? checkRange(cell, name, rule) ?? checkReference(cell, name, rule, allowed)
  );
}

function checkOneOf(cell: Cell, name: string, { oneOf }: ColumnRule): ValueFault | undefined {
  if (oneOf === undefined || oneOf.some((value) => String(value) === String(cell))) {
    return undefined;
  }
  const same = (value: string) => value.trim().toLowerCase();
  const meant = oneOf.filter((value) => same(String(value)) === same(String(cell)));
  const reason = `${name} is none of the allowed values: ${showValue(cell)}`;
  return { check: "oneOf", reason, ...orElse(meant.length === 1 ? meant[0] : undefined) };
}

function checkRange(cell: Cell, name: string, { min, max, above }: ColumnRule): ValueFault | undefined {
  if (above !== undefined && typeof cell === "number" && cell <= above) {
    return { check: "range", reason: `${name} is not above ${above}: ${showValue(cell)}` };
  }
  if (min !== undefined && isLess(cell, min)) {
    return { check: "range", reason: `${name} is below ${min}: ${showValue(cell)}` };
  }
  if (max !== undefined && isLess(max, cell)) {
    return { check: "range", reason: `${name} is above ${max}: ${showValue(cell)}` };
  }
  return undefined;
}

function isLess(left: Cell, right: Cell): boolean {
  if (left === null || right === null) {
    return false;
  }
  if (typeof left === "number" && typeof right === "number") {
    return left < right;
  }
  return String(left) < String(right);
}

function checkReference(
  cell: Cell,
  name: string,
  { references }: ColumnRule,
  allowed: ReadonlyMap<string, Cell> | undefined,
): ValueFault | undefined {
  const key = toKey(cell);
  if (references === undefined || allowed === undefined || key === undefined || allowed.has(key)) {
    return undefined;
  }
  const reason = `${name} ${showValue(cell)} is not in ${references.table}.${references.column}`;
  return { check: "references", reason, ...orElse(allowed.get(key.trim())) };
}

/** Of rows with one key the first stays. */
function findRepeats(
  rows: readonly StagedRow[],
  places: readonly number[],
  columns: readonly Column[],
): Fault[] {
  const first = new Map<string, number>();
  const name = places.map((place) => columns[place]?.name).join(", ");
  return rows.flatMap(({ row, values, fault }, position): Fault[] => {
    const cells = places.map((place) => toType(values[place] ?? null, columns[place]?.type ?? "mixed"));
    if (fault !== undefined || cells.includes(undefined)) {
      return [];
    }
    const key = toCompositeKey(cells.map((cell) => cell ?? null));
    const earlier = key === undefined ? undefined : first.get(key);
    if (key === undefined) {
      return [];
    }
    if (earlier === undefined) {
      first.set(key, row);
      return [];
    }
    const value = cells.map((cell) => showValue(cell ?? null)).join(", ");
    return [{ position, check: "unique", reason: `${name} ${value} is in row ${earlier} already` }];
  });
}

function orElse(repaired: Raw | undefined): { readonly repaired?: Raw } {
  return repaired === undefined ? {} : { repaired };
}
