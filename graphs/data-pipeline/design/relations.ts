import { plain } from "../profile.js";
import { toSingular } from "../sources.js";
import type { TableCard } from "./table-card.js";

/** That the values of a column are the keys of another table. */
export interface Relation {
  readonly from: TableCard;
  readonly column: string;
  readonly to: TableCard;
  readonly key: string;
  /** Whether the rules say so, or only the names. */
  readonly isDeclared: boolean;
}

/** The references that rules declare, then those that names tell: orders.customer_id, where customers has that key. */
export function findRelations(tables: readonly TableCard[]): Relation[] {
  return tables.flatMap((from) => {
    const declared = from.references.flatMap(({ column, table, to: key }): Relation[] => {
      const to = tables.find((other) => other.table.toLowerCase() === table.toLowerCase());
      return to === undefined ? [] : [{ from, column, to, key, isDeclared: true }];
    });
    const inferred = from.columns.flatMap(({ name }): Relation[] => {
      if (declared.some(({ column }) => column === name)) {
        return [];
      }
      const to = tables.find((other) => other !== from && isKeyOf(other, name));
      const key = to?.key[0];
      return to === undefined || key === undefined
        ? []
        : [{ from, column: name, to, key, isDeclared: false }];
    });
    return [...declared, ...inferred];
  });
}

/** Whether a column of another table is called after this one's key: `id` alone says nothing. */
function isKeyOf({ table, key }: TableCard, column: string): boolean {
  const [only, ...others] = key;
  if (only === undefined || others.length > 0) {
    return false;
  }
  const singular = plain(toSingular(table));
  const name = plain(column);
  if (name === plain(only)) {
    return name !== "id";
  }
  return name === `${singular}${plain(only)}` || name === `${singular}id` || name === singular;
}

const MOST_STEPS = 3;

/** The ways from a table to others along its references, the shortest first; the table itself is one of none. */
export function waysFrom(base: TableCard, relations: readonly Relation[]): Relation[][] {
  const ways: Relation[][] = [[]];
  const seen = new Set([base]);
  for (const way of ways) {
    const end = way.at(-1)?.to ?? base;
    if (way.length === MOST_STEPS) {
      continue;
    }
    for (const relation of relations.filter(({ from }) => from === end)) {
      if (seen.has(relation.to)) {
        continue;
      }
      seen.add(relation.to);
      ways.push([...way, relation]);
    }
  }
  return ways;
}
