import type { Cursor } from "./cursor.js";
import { takeNumber } from "./numbers.js";
import { THINGS, takeColumn, takeComparative, takeConditions } from "./table-conditions.js";
import {
  FILTERS,
  GROUPS,
  isFilter,
  takeAggregates,
  takeCount,
  takeHead,
  takeSortedBy,
} from "./table-heads.js";
import {
  type Aggregate,
  isRowNoun,
  isRows,
  type TableName,
  type TableQuestion,
  takeNoun,
} from "./table-question.js";
import { skipAsks } from "./to-step.js";
import { phrases, singular, TAILS } from "./words.js";

/** Reads a question to a table from tokens in which its file is no longer named; undefined where a word is left over. */
export function readTableQuestion(cursor: Cursor, table: TableName): readonly TableQuestion[] | undefined {
  return cursor.attempt(() => {
    const rest: Partial<TableQuestion> = {};
    rest.groupBy = cursor.attempt(() =>
      /^(?:for|by|per)$/.test(cursor.word()) ? takeGroups(cursor) : undefined,
    );
    cursor.take(",", ":");
    skipAsks({ cursor });
    const heads = takeHead(cursor, table);
    if (heads === undefined) {
      return undefined;
    }
    while (!cursor.done) {
      if (!takeRest(cursor, table, rest, heads)) {
        return undefined;
      }
    }
    const questions = heads.map((head) => merge(head, rest, table));
    return questions.every((question) => isSound(question, rest)) ? questions : undefined;
  });
}

function merge(head: TableQuestion, rest: Partial<TableQuestion>, table: TableName): TableQuestion {
  const bare = (aggregates: readonly Aggregate[]): readonly Aggregate[] =>
    aggregates.map((aggregate) => ({ ...aggregate, column: withoutRowName(aggregate.column, table) }));
  return {
    ...head,
    aggregates: bare(head.aggregates.length > 0 ? head.aggregates : (rest.aggregates ?? [])),
    where: [...head.where, ...(rest.where ?? [])],
    groupBy: [...head.groupBy, ...(rest.groupBy ?? [])],
    orderBy: [...head.orderBy, ...(rest.orderBy ?? [])],
    limit: head.limit ?? rest.limit,
  };
}

/** "order amount" in orders.csv is its column "amount". */
function withoutRowName(column: string | undefined, table: TableName): string | undefined {
  const [first = "", ...more] = column?.split(" ") ?? [];
  return more.length > 0 && isRowNoun(first, table) ? more.join(" ") : column;
}

function isSound(question: TableQuestion, rest: Partial<TableQuestion>): boolean {
  const asksRows = isRows([question]);
  if (asksRows && rest.groupBy !== undefined) {
    return false;
  }
  return (
    !asksRows ||
    question.where.length > 0 ||
    question.orderBy.length > 0 ||
    question.select !== undefined ||
    question.limit !== undefined
  );
}

/** What follows the head: groups, conditions, an order, words that say nothing. */
function takeRest(
  cursor: Cursor,
  table: TableName,
  rest: Partial<TableQuestion>,
  heads: readonly TableQuestion[],
): boolean {
  if (takeOrder(cursor, rest, heads)) {
    return true;
  }
  if (takeRowsOf(cursor, table)) {
    return true;
  }
  const groups = cursor.attempt(() => takeGroups(cursor));
  if (groups !== undefined && rest.groupBy === undefined) {
    rest.groupBy = groups;
    return true;
  }
  const limit =
    rest.orderBy === undefined && !heads.some((head) => head.orderBy.length > 0)
      ? undefined
      : takeLimit(cursor);
  if (limit !== undefined) {
    rest.limit = limit;
    return true;
  }
  const figures = isRows(heads) ? cursor.attempt(() => takeFigures(cursor, table)) : undefined;
  if (figures !== undefined) {
    rest.aggregates = figures;
    return true;
  }
  const conditions = cursor.attempt(() => {
    if (cursor.take(",") !== undefined && cursor.done) {
      return [];
    }
    const comparative = takeComparative(cursor);
    if (comparative !== undefined) {
      return comparative;
    }
    const joint = cursor.take(...FILTERS);
    return joint === undefined ? undefined : takeConditions(cursor, /^(?:of|for|from)\b/.test(joint));
  });
  if (conditions !== undefined) {
    rest.where = [...(rest.where ?? []), ...conditions];
    return true;
  }
  return (
    cursor.take(
      ...TAILS,
      ...phrases(`there | in it | listed | recorded | in total | overall | in the data | in the table |
        in the file | of it`),
    ) !== undefined
  );
}

/** ", and show the first 3 rows" after an order. */
function takeLimit(cursor: Cursor): number | undefined {
  return cursor.attempt(() => {
    cursor.take(", and", "and", ",");
    cursor.take("show me", "show", "give me", "give", "list", "keep", "take", "return", "display");
    cursor.take("only");
    if (cursor.take("the first", "the top", "first", "top", "only the first") === undefined) {
      return undefined;
    }
    const limit = takeNumber(cursor);
    cursor.take("rows", "entries", "of them", "records", "results", "items", "lines");
    return limit === undefined ? undefined : Number(limit.text);
  });
}

/** "…, and sum the amount" after rows were chosen. */
function takeFigures(cursor: Cursor, table: TableName): readonly Aggregate[] | undefined {
  if (cursor.take(", and", ", then", "and then", "and", ",") === undefined) {
    return undefined;
  }
  skipAsks({ cursor });
  const counted = cursor.attempt(() => takeCount(cursor, table));
  return counted?.aggregates ?? takeAggregates(cursor)?.flatMap((asked) => asked.aggregates);
}

function takeGroups(cursor: Cursor): readonly string[] | undefined {
  if (cursor.take(...GROUPS) === undefined) {
    return undefined;
  }
  const columns: string[] = [];
  do {
    const column = takeColumn(cursor, 2);
    if (column === undefined) {
      return undefined;
    }
    columns.push(singular(column));
  } while (cursor.take("and by", "and") !== undefined);
  cursor.take("has", "have", "placed", "made", "had", "have in total");
  return columns;
}

/** "of the rows", "of all orders": which rows is said after it, or it is all of them. */
function takeRowsOf(cursor: Cursor, table: TableName): boolean {
  const at = cursor.at;
  if (
    cursor.take(
      ...phrases(`of all the | of all | of the | of | for all the | for all | for the | for | in all |
        across all | from all | over all | from | in`),
    ) !== undefined
  ) {
    const noun = takeNoun(cursor);
    const next = cursor.done || isFilter(cursor);
    if (
      noun !== undefined &&
      next &&
      (isRowNoun(noun, table) || (!cursor.done && THINGS.has(singular(noun))))
    ) {
      return true;
    }
  }
  cursor.at = at;
  return false;
}

function takeOrder(cursor: Cursor, rest: Partial<TableQuestion>, heads: readonly TableQuestion[]): boolean {
  const found = cursor.attempt(() => {
    cursor.take("and", ",");
    const verb = cursor.take("sorted", "ordered", "sort them", "sort it", "sort", "order", "ranked");
    if (verb === undefined) {
      return undefined;
    }
    return takeSortedBy(cursor, rest, heads[0]?.aggregates[0]?.column, verb === "ranked") || undefined;
  });
  return found === true;
}
