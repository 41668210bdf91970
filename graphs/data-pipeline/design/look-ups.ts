import type { Relation } from "./relations.js";
import type { TableCard } from "./table-card.js";

/** The tables in which a table's references are looked up: those that are declared, or all. */
export function lookedUpBy(card: TableCard, relations: readonly Relation[], all: boolean): TableCard[] {
  const own = relations.filter(
    ({ from, to, isDeclared }) => from === card && to !== card && (all || isDeclared),
  );
  return own.map(({ to }) => to);
}

/** The tables, and those that their references are looked up in: what is wrong there must not be found here. */
export function withLookedUp(
  cards: readonly TableCard[],
  relations: readonly Relation[],
  all: boolean,
): TableCard[] {
  const found = new Set(cards);
  for (const card of found) {
    for (const other of lookedUpBy(card, relations, all)) {
      found.add(other);
    }
  }
  return [...found];
}

/** The tables that declared references name and that nobody has looked at yet. */
export function findUnseen(tables: readonly TableCard[]): string[] {
  const seen = new Set(tables.map(({ table }) => table.toLowerCase()));
  const named = tables.flatMap(({ references }) => references.map(({ table }) => table));
  return named.filter((table) => !seen.has(table.toLowerCase()));
}
