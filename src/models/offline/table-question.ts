import type { JsonValue } from "../../base/index.js";
import type { Cursor } from "./cursor.js";
import { type Condition, ROW_NOUNS, STOPS, THINGS } from "./table-conditions.js";
import { singular } from "./words.js";

export interface Aggregate {
  readonly op: string;
  readonly column?: string;
  readonly as?: string;
}

/** A question to a table, as csv_query and json_query take it, and what it gives. */
export interface TableQuestion {
  where: readonly Condition[];
  groupBy: readonly string[];
  aggregates: readonly Aggregate[];
  orderBy: readonly { readonly column: string; readonly direction: "asc" | "desc" }[];
  limit?: number;
  select?: readonly string[];
  /** The column whose one cell is meant when the answer is used further on. */
  named?: string;
}

/** What the table is called: its rows may be spoken of by that name. */
export interface TableName {
  readonly path: string;
}

export function question(parts: Partial<TableQuestion>): TableQuestion {
  return { where: [], groupBy: [], aggregates: [], orderBy: [], ...parts };
}

export function takeNoun(cursor: Cursor): string | undefined {
  const token = cursor.peek();
  if (token?.kind !== "word" || STOPS.has(token.text)) {
    return undefined;
  }
  cursor.at += 1;
  const second = cursor.word();
  if (ROW_NOUNS.has(singular(second))) {
    cursor.at += 1;
    return ROW_NOUNS.has(singular(second)) && THINGS.has(singular(token.text)) ? token.text : token.text;
  }
  return token.text;
}

export function isRowNoun(noun: string, table: TableName): boolean {
  const stem = table.path
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/\.\w+$/, "");
  const bare = singular(noun.toLowerCase());
  return (
    ROW_NOUNS.has(bare) || stem.split(/[-_ .\d]+/).some((part) => part !== "" && singular(part) === bare)
  );
}

export function isRows(heads: readonly TableQuestion[]): boolean {
  return heads.every(({ aggregates, groupBy }) => aggregates.length === 0 && groupBy.length === 0);
}

/** The question as the tool's arguments: only what it has. */
export function toQueryArgs(path: string, asked: TableQuestion): Record<string, JsonValue> {
  const { where, groupBy, aggregates, orderBy, limit, select } = asked;
  return {
    path,
    ...(select === undefined ? {} : { select: [...select] }),
    ...(where.length === 0 ? {} : { where: where.map((condition) => ({ ...condition })) }),
    ...(groupBy.length === 0 ? {} : { groupBy: [...groupBy] }),
    ...(aggregates.length === 0 ? {} : { aggregates: aggregates.map(toFigure) }),
    ...(orderBy.length === 0 ? {} : { orderBy: orderBy.map((order) => ({ ...order })) }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function toFigure({ op, column, as }: Aggregate): Record<string, JsonValue> {
  return { op, ...(column === undefined ? {} : { column }), ...(as === undefined ? {} : { as }) };
}
