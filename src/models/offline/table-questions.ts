import type { JsonValue } from "../../plan/index.js";
import { skipAsks } from "./arithmetic-requests.js";
import { takeNumber } from "./arithmetic-words.js";
import type { Cursor } from "./cursor.js";
import { phrases } from "./phrases.js";
import {
  type Condition,
  ROW_NOUNS,
  STOPS,
  THINGS,
  takeColumn,
  takeComparative,
  takeConditions,
} from "./table-conditions.js";
import { singular, TAILS } from "./words.js";

type Aggregate = { readonly op: string; readonly column?: string; readonly as?: string };

/** A question to a table, as csv_query and json_query take it, and what it gives. */
export type TableQuestion = {
  where: readonly Condition[];
  groupBy: readonly string[];
  aggregates: readonly Aggregate[];
  orderBy: readonly { readonly column: string; readonly direction: "asc" | "desc" }[];
  limit?: number;
  select?: readonly string[];
  /** The column whose one cell is meant when the answer is used further on. */
  named?: string;
};

/** What the table is called: its rows may be spoken of by that name. */
export type TableName = { readonly path: string };

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
const MOST = ["highest", "largest", "biggest", "greatest", "most", "maximum", "max", "top", "best"];
const LEAST = ["lowest", "smallest", "least", "minimum", "min", "fewest", "worst"];
/** Adjectives that speak of a column without naming it. */
const ADJECTIVES: Readonly<Record<string, readonly [column: string, direction: "asc" | "desc"]>> = {
  "most expensive": ["price", "desc"],
  priciest: ["price", "desc"],
  cheapest: ["price", "asc"],
  "least expensive": ["price", "asc"],
  oldest: ["age", "desc"],
  youngest: ["age", "asc"],
  "most populous": ["population", "desc"],
  tallest: ["height", "desc"],
  heaviest: ["weight", "desc"],
  "best paid": ["salary", "desc"],
  "highest paid": ["salary", "desc"],
};
/** Columns whose figures add up: "which region has the highest sales" means the sales of all its rows. */
const ADDITIVE =
  /^(?:revenue|sales?|profits?|income|turnover|earnings|units?|quantit(?:y|ies)|spend(?:ing)?|expenses?)(?: sold)?$/i;
const GROUPS =
  phrases(`grouped by each | grouped by | group by | broken down by | split by | split up by | summed by |
    for each of the | for each | for every | in each | in every | of each | of every | by each | by |
    per | each | across each | across`);
const FILTERS =
  phrases(`only for rows where | but only where | but only for | only where | only for | where | with |
    whose | having | that have | which have | that has | for which | when | who have | that had |
    for rows where | for the | for | in the | in | from the | from | of the | if | have | has | had |
    are | that are | is | were | which are | that were | of | to | down to | who are | that`);

const DOWN = phrases(`descending | desc | in descending order | from highest to lowest | from high to low |
    highest first | largest first | from largest to smallest | decreasing | from most to least`);
const UP =
  phrases(`ascending | asc | in ascending order | from lowest to highest | from low to high | lowest first |
    smallest first | alphabetically | increasing | from smallest to largest`);

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
    if (heads === undefined) return undefined;
    while (!cursor.done) {
      if (!takeRest(cursor, table, rest, heads)) return undefined;
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
  if (asksRows && rest.groupBy !== undefined) return false;
  return (
    !asksRows ||
    question.where.length > 0 ||
    question.orderBy.length > 0 ||
    question.select !== undefined ||
    question.limit !== undefined
  );
}

function takeHead(cursor: Cursor, table: TableName): readonly TableQuestion[] | undefined {
  return (
    cursor.attempt(() => one(takeWhich(cursor))) ??
    cursor.attempt(() => one(takeTop(cursor))) ??
    cursor.attempt(() => one(takeCount(cursor, table))) ??
    cursor.attempt(() => takeAggregates(cursor)) ??
    cursor.attempt(() => one(takeDistinct(cursor))) ??
    cursor.attempt(() => one(takeSorting(cursor))) ??
    cursor.attempt(() => one(takeRows(cursor, table))) ??
    cursor.attempt(() => one(takeGrouping(cursor)))
  );
}

function one(question: TableQuestion | undefined): readonly TableQuestion[] | undefined {
  return question && [question];
}

function question(parts: Partial<TableQuestion>): TableQuestion {
  return { where: [], groupBy: [], aggregates: [], orderBy: [], ...parts };
}

/** "which product has the highest revenue", "who has the lowest salary", "the city with the largest population". */
function takeWhich(cursor: Cursor): TableQuestion | undefined {
  const isWho = cursor.take("who") !== undefined;
  const asks =
    !isWho &&
    cursor.take("which", "what", "the name of the", "name of the", "the name of", "the") !== undefined;
  if (!isWho && !asks) cursor.take("name the", "find the", "get the", "the");
  const common = takeMostCommon(cursor);
  if (common !== undefined) return common;
  const adjective = takeAdjective(cursor);
  if (adjective !== undefined) return adjective;
  const entity = isWho ? undefined : takeColumn(cursor, 2);
  if (!isWho && entity === undefined) return undefined;
  const most = /^(?:is|was|are)$/.test(cursor.word()) ? takeIsMost(cursor) : undefined;
  if (most !== undefined) return superlative(entity, most, undefined);
  if (
    cursor.take(
      ...phrases(`has sold | sold | generated | brought in | made | earned | has | have | had | with | got |
        shows | showed | recorded | sells`),
    ) === undefined
  ) {
    return entity === undefined ||
      cursor.take("appears", "occurs", "comes up", "is ordered", "is listed", "shows up") === undefined
      ? undefined
      : takeOften(cursor, entity);
  }
  cursor.take("the");
  const direction = takeDirection(cursor);
  if (direction === undefined) return undefined;
  const op = takeWithin(cursor);
  if (op === "count" || cursor.take("rows", "entries", "records", "lines") !== undefined) {
    if (op === "count")
      cursor.take("rows", "entries", "records", "orders", "sales", "items", "transactions", "lines");
    return entity === undefined ? undefined : counted(entity, direction);
  }
  const column = takeColumn(cursor);
  if (column === undefined) return undefined;
  cursor.take("overall", "in total", "altogether", "in all");
  return superlative(entity, [column, direction], op);
}

/** "total", "average" or "number of" after "the highest". */
function takeWithin(cursor: Cursor): string | undefined {
  if (cursor.take("number of", "count of") !== undefined) return "count";
  if (cursor.take("total", "summed", "combined", "overall", "sum of", "cumulative") !== undefined)
    return "sum";
  return cursor.take("average", "mean") === undefined ? undefined : "avg";
}

function takeDirection(cursor: Cursor): "asc" | "desc" | undefined {
  if (cursor.take(...MOST) !== undefined) return "desc";
  return cursor.take(...LEAST) === undefined ? undefined : "asc";
}

function superlative(
  entity: string | undefined,
  [column, direction]: readonly [string, "asc" | "desc"],
  op: string | undefined,
): TableQuestion {
  const how = op ?? (ADDITIVE.test(column) ? "sum" : undefined);
  if (entity === undefined || how === undefined)
    return question({
      orderBy: [{ column, direction }],
      limit: 1,
      named: entity === undefined ? undefined : singular(entity),
    });
  const as = `${how === "avg" ? "average" : "total"} ${column}`;
  return question({
    groupBy: [singular(entity)],
    aggregates: [{ op: how, column, as }],
    orderBy: [{ column: as, direction }],
    limit: 1,
    named: singular(entity),
  });
}

function counted(entity: string, direction: "asc" | "desc"): TableQuestion {
  return question({
    groupBy: [singular(entity)],
    aggregates: [{ op: "count", as: "count" }],
    orderBy: [{ column: "count", direction }],
    limit: 1,
    named: singular(entity),
  });
}

function takeOften(cursor: Cursor, entity: string): TableQuestion | undefined {
  cursor.take("the");
  const direction =
    cursor.take("most often", "most frequently", "most") !== undefined
      ? "desc"
      : cursor.take("least often", "least") !== undefined
        ? "asc"
        : undefined;
  cursor.take("times");
  return direction && counted(entity, direction);
}

function takeMostCommon(cursor: Cursor): TableQuestion | undefined {
  return cursor.attempt(() => {
    cursor.take("is the", "is", "the");
    const direction =
      cursor.take("most common", "most frequent", "commonest") !== undefined
        ? "desc"
        : cursor.take("least common", "rarest") !== undefined
          ? "asc"
          : undefined;
    const entity = direction === undefined ? undefined : takeColumn(cursor, 2);
    return direction === undefined || entity === undefined ? undefined : counted(entity, direction);
  });
}

/** "the most expensive product", "the cheapest item". */
function takeAdjective(cursor: Cursor): TableQuestion | undefined {
  return cursor.attempt(() => {
    cursor.take("is the", "the");
    const found = cursor.take(...Object.keys(ADJECTIVES));
    const meant = ADJECTIVES[found ?? ""];
    if (meant === undefined) return undefined;
    const entity = takeColumn(cursor, 1);
    return superlative(entity, meant, undefined);
  });
}

/** "which product is the most expensive". */
function takeIsMost(cursor: Cursor): readonly [string, "asc" | "desc"] | undefined {
  return cursor.attempt(() => {
    cursor.take("is the", "was the", "is", "was", "are the", "are");
    return ADJECTIVES[cursor.take(...Object.keys(ADJECTIVES)) ?? ""];
  });
}

/** "top 3 cities by population", "the 5 largest orders by amount", "the 2 cheapest products". */
function takeTop(cursor: Cursor): TableQuestion | undefined {
  cursor.skip(["list", "which", "what", "are", "the", "rank", "name"]);
  let direction: "asc" | "desc" | undefined = cursor.take("top", "first", "best")
    ? "desc"
    : cursor.take("bottom", "last", "worst")
      ? "asc"
      : undefined;
  const number = takeNumber(cursor);
  const limit = number === undefined ? undefined : Number(number.text);
  if (limit === undefined || !Number.isInteger(limit) || limit < 1) return undefined;
  const adjective = ADJECTIVES[cursor.take(...Object.keys(ADJECTIVES)) ?? ""];
  direction ??= adjective?.[1] ?? takeDirection(cursor);
  const entity = takeColumn(cursor, 2);
  if (entity === undefined) return undefined;
  if (adjective !== undefined)
    return question({ orderBy: [{ column: adjective[0], direction: adjective[1] }], limit });
  if (cursor.take("have", "has", "with", "had") !== undefined) {
    cursor.take("the");
    direction = takeDirection(cursor);
  } else if (
    cursor.take(
      ...phrases(
        `by their | by | in terms of | ranked by | sorted by | ordered by | according to | based on`,
      ),
    ) === undefined
  ) {
    return direction === undefined
      ? undefined
      : question({ orderBy: [{ column: singular(entity), direction }], limit });
  }
  const op = takeWithin(cursor);
  const column = takeColumn(cursor);
  if (column === undefined || direction === undefined || op === "count") return undefined;
  const found = superlative(entity, [column, direction], op ?? undefined);
  return op === undefined && !ADDITIVE.test(column)
    ? { ...found, limit, named: undefined }
    : { ...found, limit, named: undefined };
}

/** "how many orders", "the number of rows", "count the distinct regions". */
function takeCount(cursor: Cursor, table: TableName): TableQuestion | undefined {
  const asks = cursor.take(
    ...phrases(`how many | count how many | count the total number of | count the number of | count of all |
      count of | total number of | the total number of | the number of | number of | the count of |
      total count of | count up | count | the amount of | a count of`),
  );
  if (asks === undefined) return undefined;
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
  if (noun === undefined && !cursor.done && !isFilter(cursor)) return undefined;
  skipThere(cursor);
  const isKnown =
    noun === undefined || isRowNoun(noun, table) || (!cursor.done && THINGS.has(singular(noun)));
  return isKnown ? question({ aggregates: [{ op: "count" }] }) : undefined;
}

function takeNoun(cursor: Cursor): string | undefined {
  const token = cursor.peek();
  if (token?.kind !== "word" || STOPS.has(token.text)) return undefined;
  cursor.at += 1;
  const second = cursor.word();
  if (ROW_NOUNS.has(singular(second))) {
    cursor.at += 1;
    return ROW_NOUNS.has(singular(second)) && THINGS.has(singular(token.text)) ? token.text : token.text;
  }
  return token.text;
}

function skipThere(cursor: Cursor): void {
  cursor.take(
    ...phrases(`are there in total | are there | is there | are listed | are in there | does it have |
      does it contain | does it hold | do we have | do i have | are contained | there are | are in it |
      exist | it has | it contains | are present | are recorded | appear | does the table have |
      does the file have | are`),
  );
  if (cursor.take("does", "do") !== undefined) cursor.take("have", "contain", "hold", "list", "include");
  cursor.attempt(() => (cursor.take("have", "has", "contains") !== undefined && cursor.done) || undefined);
  cursor.take("in total", "altogether", "there");
}

function isRowNoun(noun: string, table: TableName): boolean {
  const stem = table.path
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/\.\w+$/, "");
  const bare = singular(noun.toLowerCase());
  return (
    ROW_NOUNS.has(bare) || stem.split(/[-_ .\d]+/).some((part) => part !== "" && singular(part) === bare)
  );
}

function isFilter(cursor: Cursor): boolean {
  return cursor.sees(...FILTERS, ...GROUPS) !== undefined;
}

/** "the total amount", "sum of the amount column", "minimum and maximum price", "add up the sales". */
function takeAggregates(cursor: Cursor): readonly TableQuestion[] | undefined {
  cursor.take("list the", "the", "a", "what is the", "show the");
  const verb = cursor.take("add up", "sum up", "total up", "add together", "add all", "add", "tally up");
  const operations: string[] = [];
  if (verb !== undefined) operations.push("sum");
  while (
    operations.length === 0 ||
    (verb === undefined && cursor.take(", and the", ", and", "and the", "and", ",") !== undefined)
  ) {
    const found = AGGREGATES.find(
      ([, phrases]) => cursor.take(...phrases.toSorted((a, b) => b.length - a.length)) !== undefined,
    );
    if (found === undefined)
      return operations.length > 0 || verb !== undefined ? undefined : takeColumnFirst(cursor);
    operations.push(found[0]);
  }
  cursor.take("up");
  cursor.take(
    ...phrases(`of all of the | of all the | of all | of the | of | for the | for all | out of all |
      value of the | value in the | in the | over the | from the | all of the | all the | all | value of`),
  );
  const column = takeColumn(cursor);
  if (column === undefined || ["number", "count"].includes(column)) return undefined;
  return operations.map((op) => question({ aggregates: [{ op, column }] }));
}

/** "the amount column's sum", "amount total". */
function takeColumnFirst(cursor: Cursor): readonly TableQuestion[] | undefined {
  const token = cursor.peek();
  if (token?.kind !== "word" || STOPS.has(token.text)) return undefined;
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
  if (column === undefined) return undefined;
  const isThere =
    cursor.take("are there", "exist", "are listed", "occur", "appear", "do we have") !== undefined;
  if (!isDistinct && !(asks && isThere)) return undefined;
  return question({ groupBy: [singular(column)] });
}

/** "sort by population descending", "rank the products by revenue". */
function takeSorting(cursor: Cursor): TableQuestion | undefined {
  const verb = cursor.take("sort", "order", "rank");
  if (verb === undefined) return undefined;
  cursor.take("all the", "all", "the");
  if (cursor.word() !== "by") takeNoun(cursor);
  const rest: Partial<TableQuestion> = {};
  if (!takeSortedBy(cursor, rest, undefined, verb === "rank")) return undefined;
  return question(rest);
}

/** "list the rows where …", "show all orders with …", "show the names of the rows where …". */
function takeRows(cursor: Cursor, table: TableName): TableQuestion | undefined {
  const verb = cursor.take(
    ...phrases(`list | show | filter | which | display | give | select | return | get | keep | print`),
  );
  cursor.skip(["the", "all", "me", "only", "of", "every", "for"]);
  const noun = takeNoun(cursor);
  if (noun === undefined) return verb === "filter" && !cursor.done ? question({}) : undefined;
  const isRows = isRowNoun(noun, table) || (!cursor.done && THINGS.has(singular(noun)));
  return isRows ? question({}) : undefined;
}

/** "group the sales by region and sum the amount", "count by status". */
function takeGrouping(cursor: Cursor): TableQuestion | undefined {
  if (cursor.take("group") === undefined) return undefined;
  cursor.take("the", "all");
  if (!["by"].includes(cursor.word())) takeNoun(cursor);
  if (cursor.take("by") === undefined) return undefined;
  const column = takeColumn(cursor, 2);
  if (column === undefined || cursor.take("and", ",") === undefined) return undefined;
  skipAsks({ cursor });
  const heads = takeAggregates(cursor);
  const [head] = heads ?? [];
  return heads?.length === 1 && head !== undefined ? { ...head, groupBy: [singular(column)] } : undefined;
}

/** What follows the head: groups, conditions, an order, words that say nothing. */
function takeRest(
  cursor: Cursor,
  table: TableName,
  rest: Partial<TableQuestion>,
  heads: readonly TableQuestion[],
): boolean {
  if (takeOrder(cursor, rest, heads)) return true;
  if (takeRowsOf(cursor, table)) return true;
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
    if (cursor.take(",") !== undefined && cursor.done) return [];
    const comparative = takeComparative(cursor);
    if (comparative !== undefined) return comparative;
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
    if (cursor.take("the first", "the top", "first", "top", "only the first") === undefined) return undefined;
    const limit = takeNumber(cursor);
    cursor.take("rows", "entries", "of them", "records", "results", "items", "lines");
    return limit === undefined ? undefined : Number(limit.text);
  });
}

function isRows(heads: readonly TableQuestion[]): boolean {
  return heads.every(({ aggregates, groupBy }) => aggregates.length === 0 && groupBy.length === 0);
}

/** "…, and sum the amount" after rows were chosen. */
function takeFigures(cursor: Cursor, table: TableName): readonly Aggregate[] | undefined {
  if (cursor.take(", and", ", then", "and then", "and", ",") === undefined) return undefined;
  skipAsks({ cursor });
  const counted = cursor.attempt(() => takeCount(cursor, table));
  return counted?.aggregates ?? takeAggregates(cursor)?.flatMap((asked) => asked.aggregates);
}

function takeGroups(cursor: Cursor): readonly string[] | undefined {
  if (cursor.take(...GROUPS) === undefined) return undefined;
  const columns: string[] = [];
  do {
    const column = takeColumn(cursor, 2);
    if (column === undefined) return undefined;
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
    )
      return true;
  }
  cursor.at = at;
  return false;
}

function takeOrder(cursor: Cursor, rest: Partial<TableQuestion>, heads: readonly TableQuestion[]): boolean {
  const found = cursor.attempt(() => {
    cursor.take("and", ",");
    const verb = cursor.take("sorted", "ordered", "sort them", "sort it", "sort", "order", "ranked");
    if (verb === undefined) return undefined;
    return takeSortedBy(cursor, rest, heads[0]?.aggregates[0]?.column, verb === "ranked") || undefined;
  });
  return found === true;
}

/** "by amount, highest first": sets the order; without a column it is that of the figure. */
function takeSortedBy(
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
  if (!isDown) cursor.take(...UP);
  if (column === undefined) return false;
  rest.orderBy = [{ column, direction: isDown || (isRank && !/ asc/i.test(named ?? "")) ? "desc" : "asc" }];
  return true;
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
