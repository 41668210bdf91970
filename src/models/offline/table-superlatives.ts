import type { Cursor } from "./cursor.js";
import { takeNumber } from "./numbers.js";
import { THINGS, takeColumn } from "./table-conditions.js";
import { question, type TableQuestion } from "./table-question.js";
import { phrases, singular } from "./words.js";

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

/** "which product has the highest revenue", "who has the lowest salary", "the city with the largest population". */
export function takeWhich(cursor: Cursor): TableQuestion | undefined {
  const isWho = cursor.take("who") !== undefined;
  const asks =
    !isWho &&
    cursor.take("which", "what", "the name of the", "name of the", "the name of", "the") !== undefined;
  if (!isWho && !asks) {
    cursor.take("name the", "find the", "get the", "the");
  }
  if (asks && cursor.sees("is the most", "is the least") === undefined) {
    cursor.take("is the", "are the");
  }
  const common = takeMostCommon(cursor);
  if (common !== undefined) {
    return common;
  }
  const adjective = takeAdjective(cursor);
  if (adjective !== undefined) {
    return adjective;
  }
  const entity = isWho ? undefined : takeColumn(cursor, 2);
  if (!isWho && entity === undefined) {
    return undefined;
  }
  const most = /^(?:is|was|are)$/.test(cursor.word()) ? takeIsMost(cursor) : undefined;
  if (most !== undefined) {
    return superlative(entity, most, undefined);
  }
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
  if (direction === undefined) {
    return undefined;
  }
  const op = takeWithin(cursor);
  if (op === "count" || cursor.take("rows", "entries", "records", "lines") !== undefined) {
    if (op === "count") {
      cursor.take("rows", "entries", "records", "orders", "sales", "items", "transactions", "lines");
    }
    return entity === undefined ? undefined : counted(entity, direction);
  }
  const column = takeColumn(cursor);
  if (column === undefined) {
    return undefined;
  }
  if (entity !== undefined && THINGS.has(singular(column)) && !ADDITIVE.test(column)) {
    return counted(entity, direction);
  }
  cursor.take("overall", "in total", "altogether", "in all");
  return superlative(entity, [column, direction], op);
}

/** "total", "average" or "number of" after "the highest". */
function takeWithin(cursor: Cursor): string | undefined {
  if (cursor.take("number of", "count of") !== undefined) {
    return "count";
  }
  if (cursor.take("total", "summed", "combined", "overall", "sum of", "cumulative") !== undefined) {
    return "sum";
  }
  return cursor.take("average", "mean") === undefined ? undefined : "avg";
}

function takeDirection(cursor: Cursor): "asc" | "desc" | undefined {
  if (cursor.take(...MOST) !== undefined) {
    return "desc";
  }
  return cursor.take(...LEAST) === undefined ? undefined : "asc";
}

function superlative(
  entity: string | undefined,
  [column, direction]: readonly [string, "asc" | "desc"],
  op: string | undefined,
): TableQuestion {
  const how = op ?? (ADDITIVE.test(column) ? "sum" : undefined);
  if (entity === undefined || how === undefined) {
    return question({
      orderBy: [{ column, direction }],
      limit: 1,
      named: entity === undefined ? undefined : singular(entity),
    });
  }
  const as = `${how === "avg" ? "average" : "total"} ${column}`;
  return question({
    groupBy: [singular(entity)],
    aggregates: [{ op: how, column, as }],
    orderBy: [{ column: as, direction }],
    limit: 1,
    named: singular(entity),
  });
}

export function counted(entity: string, direction: "asc" | "desc"): TableQuestion {
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
    if (meant === undefined) {
      return undefined;
    }
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
export function takeTop(cursor: Cursor): TableQuestion | undefined {
  cursor.skip(["list", "which", "what", "are", "the", "rank", "name"]);
  let direction: "asc" | "desc" | undefined = cursor.take("top", "first", "best")
    ? "desc"
    : cursor.take("bottom", "last", "worst")
      ? "asc"
      : undefined;
  const number = takeNumber(cursor);
  const limit = number === undefined ? undefined : Number(number.text);
  if (limit === undefined || !Number.isInteger(limit) || limit < 1) {
    return undefined;
  }
  const adjective = ADJECTIVES[cursor.take(...Object.keys(ADJECTIVES)) ?? ""];
  direction ??= adjective?.[1] ?? takeDirection(cursor);
  const entity = takeColumn(cursor, 2);
  if (entity === undefined) {
    return undefined;
  }
  if (adjective !== undefined) {
    return question({ orderBy: [{ column: adjective[0], direction: adjective[1] }], limit });
  }
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
  if (column === undefined || direction === undefined || op === "count") {
    return undefined;
  }
  const found = superlative(entity, [column, direction], op ?? undefined);
  return op === undefined && !ADDITIVE.test(column)
    ? { ...found, limit, named: undefined }
    : { ...found, limit, named: undefined };
}
