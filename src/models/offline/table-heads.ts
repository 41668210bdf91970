import type { Cursor } from "./cursor.js";
import { STOPS, THINGS, takeColumn } from "./table-conditions.js";
import { isRowNoun, question, type TableName, type TableQuestion, takeNoun } from "./table-question.js";
import { takeTop, takeWhich } from "./table-superlatives.js";
import { skipAsks } from "./to-step.js";
import { phrases, singular } from "./words.js";

const AGGREGATES: readonly (readonly [op: string, phrases: readonly string[]])[] = [
  ["sum", ["total sum", "sum total", "grand total", "combined", "overall", "sum", "total", "totals", "sums"]],
  ["avg", ["average value", "mean value", "average", "mean", "avg", "averages"]],
  ["median", ["median value", "median"]],
  [
    "max",
    phrases(`maximum value | maximum | max | largest single | highest single | largest | highest | biggest |
        greatest | top | peak`),
  ],
  ["min", ["minimum value", "minimum", "min", "smallest", "lowest", "least"]],
];

export const GROUPS =
  phrases(`grouped by each | grouped by | group by | broken down by | split by | split up by | summed by |
    for each of the | for each | for every | in each | in every | of each | of every | by each | by |
    per | each | across each | across`);

export const FILTERS =
  phrases(`only for rows where | but only where | but only for | only where | only for | where | with |
    whose | having | that have | which have | that has | for which | when | who have | that had |
    for rows where | for the | for | in the | in | from the | from | of the | if | have | has | had |
    are | that are | is | were | which are | that were | of | to | down to | who are | that`);

const DOWN = phrases(`descending | desc | in descending order | from highest to lowest | from high to low |
    highest first | largest first | from largest to smallest | decreasing | from most to least`);

const UP =
  phrases(`ascending | asc | in ascending order | from lowest to highest | from low to high | lowest first |
    smallest first | alphabetically | increasing | from smallest to largest`);

export function takeHead(cursor: Cursor, table: TableName): readonly TableQuestion[] | undefined {
  return (
    cursor.attempt(() => one(takeWhich(cursor))) ??
    cursor.attempt(() => one(takeTop(cursor))) ??
    cursor.attempt(() => one(takeCount(cursor, table))) ??
    cursor.attempt(() => takeAggregates(cursor)) ??
    cursor.attempt(() => one(takeDistinct(cursor))) ??
    cursor.attempt(() => one(takeSorting(cursor))) ??
    cursor.attempt(() => one(takeRows(cursor, table))) ??
    cursor.attempt(() => one(takeGrouping(cursor, table)))
  );
}

function one(question: TableQuestion | undefined): readonly TableQuestion[] | undefined {
  return question && [question];
}

/** "how many orders", "the number of rows", "count the distinct regions". */
export function takeCount(cursor: Cursor, table: TableName): TableQuestion | undefined {
  const asks = cursor.take(
    ...phrases(`how many | count how many | count the total number of | count the number of | count of all |
      count of | total number of | the total number of | the number of | number of | the count of |
      total count of | count up | count | the amount of | a count of`),
  );
  if (asks === undefined) {
    return undefined;
  }
  cursor.skip(["the", "all", "of"]);
  const isDistinct = cursor.take("different", "distinct", "unique") !== undefined;
  if (isDistinct) {
    const column = takeColumn(cursor, 2);
    skipThere(cursor);
    return column === undefined
      ? undefined
      : question({ aggregates: [{ op: "distinct", column: singular(column) }] });
  }
  const noun = takeNoun(cursor);
  if (noun === undefined && !cursor.done && !isFilter(cursor)) {
    return undefined;
  }
  skipThere(cursor);
  const isKnown =
    noun === undefined || isRowNoun(noun, table) || (!cursor.done && THINGS.has(singular(noun)));
  return isKnown ? question({ aggregates: [{ op: "count" }] }) : undefined;
}

function skipThere(cursor: Cursor): void {
  cursor.take(
    ...phrases(`are there in total | are there | is there | are listed | are in there | does it have |
      does it contain | does it hold | do we have | do i have | are contained | there are | are in it |
      exist | it has | it contains | are present | are recorded | appear | does the table have |
      does the file have | are`),
  );
  if (cursor.take("does", "do") !== undefined) {
    cursor.take("have", "contain", "hold", "list", "include");
  }
  cursor.attempt(() => (cursor.take("have", "has", "contains") !== undefined && cursor.done) || undefined);
  cursor.take("in total", "altogether", "there");
}

export function isFilter(cursor: Cursor): boolean {
  return cursor.sees(...FILTERS, ...GROUPS) !== undefined;
}

/** "the total amount", "sum of the amount column", "minimum and maximum price", "add up the sales". */
export function takeAggregates(cursor: Cursor): readonly TableQuestion[] | undefined {
  cursor.take("list the", "the", "a", "what is the", "show the");
  const verb = cursor.take("add up", "sum up", "total up", "add together", "add all", "add", "tally up");
  const operations: string[] = [];
  if (verb !== undefined) {
    operations.push("sum");
  }
  while (
    operations.length === 0 ||
    (verb === undefined && cursor.take(", and the", ", and", "and the", "and", ",") !== undefined)
  ) {
    const found = AGGREGATES.find(
      ([, phrases]) => cursor.take(...phrases.toSorted((a, b) => b.length - a.length)) !== undefined,
    );
    if (found === undefined) {
      return operations.length > 0 || verb !== undefined ? undefined : takeColumnFirst(cursor);
    }
    operations.push(found[0]);
  }
  cursor.take("up");
  cursor.take(
    ...phrases(`of all of the | of all the | of all | of the | of | for the | for all | out of all |
      value of the | value in the | in the | over the | from the | all of the | all the | all | value of`),
  );
  const column = takeColumn(cursor);
  if (column === undefined || ["number", "count"].includes(column)) {
    return undefined;
  }
  return operations.map((op) => question({ aggregates: [{ op, column }] }));
}

/** "the amount column's sum", "amount total". */
function takeColumnFirst(cursor: Cursor): readonly TableQuestion[] | undefined {
  const token = cursor.peek();
  if (token?.kind !== "word" || STOPS.has(token.text)) {
    return undefined;
  }
  cursor.at += 1;
  cursor.take("column 's", "column", "'s");
  const found = AGGREGATES.find(([, phrases]) => cursor.take(...phrases) !== undefined);
  return found && [question({ aggregates: [{ op: found[0], column: token.raw }] })];
}

/** "list the distinct regions", "which categories are there". */
function takeDistinct(cursor: Cursor): TableQuestion | undefined {
  const asks = cursor.take("list all", "list", "show", "which", "what are", "what", "all") !== undefined;
  cursor.skip(["the", "all"]);
  const isDistinct = cursor.take("different", "distinct", "unique") !== undefined;
  cursor.take("values of the", "values of", "values in the");
  const column = takeColumn(cursor, 2);
  if (column === undefined) {
    return undefined;
  }
  const isThere =
    cursor.take("are there", "exist", "are listed", "occur", "appear", "do we have") !== undefined;
  if (!isDistinct && !(asks && isThere)) {
    return undefined;
  }
  return question({ groupBy: [singular(column)] });
}

/** "sort by population descending", "rank the products by revenue". */
function takeSorting(cursor: Cursor): TableQuestion | undefined {
  const verb = cursor.take("sort", "order", "rank");
  if (verb === undefined) {
    return undefined;
  }
  cursor.take("all the", "all", "the");
  if (cursor.word() !== "by") {
    takeNoun(cursor);
  }
  const rest: Partial<TableQuestion> = {};
  if (!takeSortedBy(cursor, rest, undefined, verb === "rank")) {
    return undefined;
  }
  return question(rest);
}

/** "list the rows where …", "show all orders with …", "show the names of the rows where …". */
function takeRows(cursor: Cursor, table: TableName): TableQuestion | undefined {
  const verb = cursor.take(
    ...phrases(`list | show | filter | which | display | give | select | return | get | keep | print`),
  );
  cursor.skip(["the", "all", "me", "only", "of", "every"]);
  const noun = verb === "filter" && isFilter(cursor) ? undefined : takeNoun(cursor);
  if (noun === undefined) {
    return verb === "filter" && !cursor.done ? question({}) : undefined;
  }
  const isRows = isRowNoun(noun, table) || (!cursor.done && THINGS.has(singular(noun)));
  return isRows ? question({}) : undefined;
}

/** "group the sales by region and sum the amount", "count by status". */
function takeGrouping(cursor: Cursor, table: TableName): TableQuestion | undefined {
  if (cursor.take("group") === undefined) {
    return undefined;
  }
  cursor.take("the", "all");
  if (!["by"].includes(cursor.word())) {
    takeNoun(cursor);
  }
  if (cursor.take("by") === undefined) {
    return undefined;
  }
  const column = takeColumn(cursor, 2);
  if (column === undefined || cursor.take("and", ",") === undefined) {
    return undefined;
  }
  skipAsks({ cursor });
  const counted = cursor.attempt(() => one(takeCount(cursor, table)));
  const heads = counted ?? takeAggregates(cursor);
  const [head] = heads ?? [];
  return heads?.length === 1 && head !== undefined ? { ...head, groupBy: [singular(column)] } : undefined;
}

/** "by amount, highest first": sets the order; without a column it is that of the figure. */
export function takeSortedBy(
  cursor: Cursor,
  rest: Partial<TableQuestion>,
  figure: string | undefined,
  isRank: boolean,
): boolean {
  const isDownFirst = cursor.take(...DOWN) !== undefined;
  const named = cursor.take("by") === undefined ? undefined : takeColumn(cursor, 2);
  const column =
    named?.replace(/ (?:descending|desc|ascending|asc|from|in|highest|lowest|largest)$/i, "") ?? figure;
  cursor.take(",");
  const isDown = isDownFirst || cursor.take(...DOWN) !== undefined || / desc/i.test(named ?? "");
  if (!isDown) {
    cursor.take(...UP);
  }
  if (column === undefined) {
    return false;
  }
  rest.orderBy = [{ column, direction: isDown || (isRank && !/ asc/i.test(named ?? "")) ? "desc" : "asc" }];
  return true;
}
