import { isDeepStrictEqual } from "node:util";
import {
  BaseStore,
  type GetOperation,
  type Item,
  type ListNamespacesOperation,
  type MatchCondition,
  type Operation,
  type OperationResults,
  type PutOperation,
  type SearchOperation,
} from "@langchain/langgraph";
import { z } from "zod";
import type { SqliteDatabase, SqliteStatement } from "../../langgraph/index.js";
import { CheckpointerError } from "../checkpointer-error.js";
import { asResults } from "../serialized-store.js";

const rowSchema = z.object({
  namespace: z.string().transform(fromText),
  key: z.string(),
  value: z.string().transform((text) => z.record(z.string(), z.unknown()).parse(JSON.parse(text))),
  createdAt: z.number().transform((timeMs) => new Date(timeMs)),
  updatedAt: z.number().transform((timeMs) => new Date(timeMs)),
});
const namespaceSchema = z.object({ namespace: z.string().transform(fromText) });
const NOW_MS = "cast(unixepoch('subsec') * 1000 as integer)";

/**
 * A `BaseStore` on SQLite. LangGraph.js ships none. Several processes may use the file at once. The
 * operations of a batch run in order, and a batch that writes is one transaction. Search filters by namespace
 * and by `filter`, and returns items in the order of namespaces and keys; there are no vectors. A namespace
 * is stored as JSON, so a prefix of labels is a range of the index.
 */
export class SqliteStore extends BaseStore {
  readonly #db: SqliteDatabase;
  readonly #get: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #delete: SqliteStatement;
  readonly #search: SqliteStatement;
  readonly #namespaces: SqliteStatement;

  constructor(db: SqliteDatabase) {
    super();
    db.exec(`create table if not exists plan_execute_store (
      namespace text not null, key text not null, value text not null,
      created_at_ms integer not null, updated_at_ms integer not null,
      primary key (namespace, key)
    )`);
    const columns = "namespace, key, value, created_at_ms as createdAt, updated_at_ms as updatedAt";
    this.#db = db;
    this.#get = db.prepare(`select ${columns} from plan_execute_store where namespace = ? and key = ?`);
    this.#put = db.prepare(`insert into plan_execute_store values (?, ?, ?, ${NOW_MS}, ${NOW_MS})
      on conflict do update set value = excluded.value, updated_at_ms = excluded.updated_at_ms`);
    this.#delete = db.prepare("delete from plan_execute_store where namespace = ? and key = ?");
    this.#search = db.prepare(`select ${columns} from plan_execute_store
      where namespace >= ? and namespace < ? order by namespace, key`);
    this.#namespaces = db.prepare("select distinct namespace from plan_execute_store order by namespace");
  }

  override async batch<Op extends Operation[]>(operations: Op): Promise<OperationResults<Op>> {
    const perform = () => operations.map((operation) => this.#perform(operation));
    const isWriting = operations.some((operation) => "value" in operation);
    return asResults<Op>(isWriting ? this.#db.transaction(perform).immediate() : perform());
  }

  #perform(operation: Operation): unknown {
    if ("namespacePrefix" in operation) {
      return this.#searchItems(operation);
    }
    if ("value" in operation) {
      return this.#putItem(operation);
    }
    if ("key" in operation) {
      return this.#getItem(operation);
    }
    return this.#listNamespaces(operation);
  }

  #getItem({ namespace, key }: GetOperation): Item | null {
    const row = this.#get.get(JSON.stringify(namespace), key);
    return row === undefined ? null : rowSchema.parse(row);
  }

  #putItem({ namespace, key, value }: PutOperation): void {
    if (value === null) {
      this.#delete.run(JSON.stringify(namespace), key);
    } else {
      this.#put.run(JSON.stringify(namespace), key, JSON.stringify(value));
    }
  }

  #searchItems({ namespacePrefix, filter, limit = 10, offset = 0, query }: SearchOperation): Item[] {
    if (query !== undefined) {
      throw new CheckpointerError(
        "QUERY_UNSUPPORTED",
        "The SQLite store has no search by meaning: leave out `query` and use `filter`, or take another store.",
      );
    }
    const found: Item[] = [];
    if (limit <= 0) {
      return found;
    }
    let toSkip = offset;
    // In the JSON, a prefix is followed by a comma or a closing bracket. Both sort before a circumflex.
    const stem = JSON.stringify(namespacePrefix).slice(0, -1);
    for (const row of this.#search.iterate(stem, `${stem}^`)) {
      const item = rowSchema.parse(row);
      if (filter !== undefined && !matchesFilter(item.value, filter)) {
        continue;
      }
      if (toSkip > 0) {
        toSkip -= 1;
      } else if (found.push(item) === limit) {
        break;
      }
    }
    return found;
  }

  #listNamespaces({ matchConditions = [], maxDepth, limit, offset }: ListNamespacesOperation): string[][] {
    const cut = new Map<string, string[]>();
    for (const row of this.#namespaces.all()) {
      const { namespace } = namespaceSchema.parse(row);
      if (!matchConditions.every((condition) => matchesPath(namespace, condition))) {
        continue;
      }
      const head = namespace.slice(0, maxDepth);
      cut.set(JSON.stringify(head), head);
    }
    return [...cut.values()].slice(offset, offset + limit);
  }
}

function fromText(text: string): string[] {
  return z.array(z.string()).parse(JSON.parse(text));
}

type Comparison = (actual: unknown, wanted: unknown) => boolean;

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ["$eq", isDeepStrictEqual],
  ["$ne", (actual, wanted) => !isDeepStrictEqual(actual, wanted)],
  ["$gt", (actual, wanted) => Number(actual) > Number(wanted)],
  ["$gte", (actual, wanted) => Number(actual) >= Number(wanted)],
  ["$lt", (actual, wanted) => Number(actual) < Number(wanted)],
  ["$lte", (actual, wanted) => Number(actual) <= Number(wanted)],
  ["$in", (actual, wanted) => Array.isArray(wanted) && wanted.includes(actual)],
  ["$nin", (actual, wanted) => !Array.isArray(wanted) || !wanted.includes(actual)],
]);

/** Whether a stored value matches a filter, which holds equal values or LangGraph's operators. */
function matchesFilter(
  value: Readonly<Record<string, unknown>>,
  filter: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(filter).every(([key, wanted]) => {
    const operators = operatorsOf(wanted);
    if (operators === undefined) {
      return isDeepStrictEqual(value[key], wanted);
    }
    return operators.every(([compare, operand]) => compare(value[key], operand));
  });
}

function operatorsOf(wanted: unknown): (readonly [Comparison, unknown])[] | undefined {
  if (typeof wanted !== "object" || wanted === null) {
    return undefined;
  }
  const found = Object.entries(wanted).map(([name, operand]) => [COMPARISONS.get(name), operand] as const);
  const known = found.flatMap(([compare, operand]) =>
    compare === undefined ? [] : [[compare, operand] as const],
  );
  return known.length > 0 && known.length === found.length ? known : undefined;
}

/** Whether a namespace begins or ends with a path. A star matches any one label. */
function matchesPath(namespace: readonly string[], { matchType, path }: MatchCondition): boolean {
  const start = matchType === "prefix" ? 0 : namespace.length - path.length;
  if (start < 0) {
    return false;
  }
  return path.every((label, index) => label === "*" || label === namespace[start + index]);
}
