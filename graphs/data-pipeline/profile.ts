import { type Column, inferType, type Raw, toCompositeKey, toType } from "./cell.js";
import type { TableRule } from "./rules.js";
import type { SourceTable } from "./source-rows.js";
import { toSingular } from "./sources.js";

/** What a table looks like: types that rules declare or that all values have, its key, and what is odd. */
export interface Profile {
  readonly columns: readonly Column[];
  /** The columns that tell its rows apart: the rules', or one that is called like a key. */
  readonly key: readonly string[];
  /** Whether no row is without that key or has another's, once the rules are kept. */
  readonly isKeyUnique: boolean;
  readonly notes: readonly string[];
}

/** Looks at all rows of a table. Nothing is thrown away on a guess: a column with other values in it stays text. */
export function profileTable(table: string, source: SourceTable, rule: TableRule): Profile {
  const sound = source.rows.filter(({ fault }) => fault === undefined);
  const names = source.columns.length > 0 ? source.columns : Object.keys(rule.columns ?? {});
  const notes: string[] = [];
  const columns = names.map((name, place): Column => {
    const declared = ruleOf(rule, name)?.type;
    if (declared !== undefined) {
      return { name, type: declared };
    }
    const values = sound.map(({ values }) => values[place] ?? null);
    const type = inferType(values, source.isTyped);
    const odd = type === "text" || type === "mixed" ? describeMixture(name, values) : undefined;
    if (odd !== undefined) {
      notes.push(odd);
    }
    return { name, type };
  });
  const key = rule.key ?? findKey(table, columns, sound);
  // A key that rules declare is enforced before anything is loaded.
  const isKeyUnique = rule.key !== undefined || isUnique(key, columns, sound);
  if (key.length > 0 && !isKeyUnique) {
    notes.push(`${key.join(", ")} is called like a key and is missing or occurs twice in some rows`);
  }
  return { columns, key, isKeyUnique, notes };
}

/** The rule for a column, if there is one; a column may be called like something that every object has. */
export function ruleOf({ columns = {} }: TableRule, column: string) {
  return Object.hasOwn(columns, column) ? columns[column] : undefined;
}

function describeMixture(name: string, values: readonly Raw[]): string | undefined {
  const given = values.filter((value) => value !== null);
  for (const type of ["number", "date"] as const) {
    const count = given.filter((value) => toType(value, type) !== undefined).length;
    if (count * 2 > given.length) {
      return `${name}: ${count} of ${given.length} values are a ${type}; the column is kept as it is`;
    }
  }
  return undefined;
}

type Rows = readonly { readonly values: readonly Raw[] }[];

/** A column called id, or after the table; one in which each row has another value, where there is one. */
function findKey(table: string, columns: readonly Column[], rows: Rows): string[] {
  const singular = plain(toSingular(table));
  const wanted = ["id", `${singular}id`, singular, `${singular}no`, `${singular}number`, `${singular}code`];
  const named = wanted.flatMap((name) => columns.filter((column) => plain(column.name) === name));
  const [first] = columns;
  // A table may be called otherwise than what it holds: staff, with an employee_id.
  const leading = first !== undefined && plain(first.name).endsWith("id") ? [first] : [];
  const found = [...named, ...leading].find(({ name }) => isUnique([name], columns, rows)) ?? named[0];
  return found === undefined ? [] : [found.name];
}

function isUnique(key: readonly string[], columns: readonly Column[], rows: Rows): boolean {
  const places = key.map((name) => columns.findIndex((column) => column.name === name));
  const keys = rows.map(({ values }) =>
    toCompositeKey(places.map((place) => toType(values[place] ?? null, "mixed") ?? null)),
  );
  return key.length > 0 && !keys.includes(undefined) && new Set(keys).size === keys.length;
}

/** A name without what separates its words. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}
