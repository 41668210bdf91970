import type { Expectation } from "../expectations.js";
import type { Operation } from "../transform/operations.js";
import type { Relation } from "./relations.js";
import type { TableCard } from "./table-card.js";

/** What a goal needs of a table's column. */
export interface Need {
  readonly table: string;
  readonly expectation: Expectation;
}

/** Collects the operations that bring a table and its partners to one summary. */
export class SummaryBuilder {
  readonly operations: Operation[] = [];
  readonly needs: Need[] = [];
  /** The tables that it reads. */
  readonly reads: TableCard[] = [];
  /** The columns there are by now, and where those come from that were joined. */
  private readonly names: Set<string>;
  private readonly joined = new Map<string, string>();

  constructor(
    readonly base: TableCard,
    private readonly datasetOf: (card: TableCard) => string,
  ) {
    this.reads.push(base);
    this.names = new Set(base.columns.map(({ name }) => name.toLowerCase()));
  }

  /** The name under which a column at the end of a way is there, joined if it was not yet. */
  column(way: readonly Relation[], column: string): string {
    const last = way.at(-1);
    if (last === undefined) {
      return column;
    }
    const place = JSON.stringify([last.to.table, column]);
    const known = this.joined.get(place);
    if (known !== undefined) {
      return known;
    }
    if (column === last.key) {
      return this.column(way.slice(0, -1), last.column);
    }
    const left = this.column(way.slice(0, -1), last.column);
    this.addJoin(last, left, column);
    return this.joined.get(place) ?? column;
  }

  /** Adds a column that is worked out, under a name that is free. */
  derive(name: string, by: Extract<Operation, { op: "derive" }>["by"], columns: readonly string[]): string {
    const column = this.freeName(name);
    this.operations.push({ op: "derive", column, by, of: columns.map((each) => ({ column: each })) });
    this.names.add(column.toLowerCase());
    return column;
  }

  /** Notes what a column must be for this. */
  need(card: TableCard, expectation: Expectation): void {
    this.needs.push({ table: card.table, expectation });
  }

  /** Notes that partners are found by this key, each once. */
  needPartner({ to, key }: Relation): void {
    if (!this.reads.includes(to)) {
      this.reads.push(to);
    }
    this.need(to, { column: key, unique: true });
  }

  private addJoin(relation: Relation, left: string, column: string): void {
    const as = this.freeName(column);
    this.operations.push({
      op: "join",
      dataset: this.datasetOf(relation.to),
      on: [{ left, right: relation.key }],
      columns: [as === column ? { column } : { column, as }],
    });
    this.needPartner(relation);
    this.names.add(as.toLowerCase());
    this.joined.set(JSON.stringify([relation.to.table, column]), as);
  }

  private freeName(name: string): string {
    let free = name;
    for (let number = 2; this.names.has(free.toLowerCase()); number += 1) {
      free = `${name}_${number}`;
    }
    return free;
  }
}
