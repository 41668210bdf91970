import type { JsonValue } from "../../base/index.js";
import type { Cursor } from "./cursor.js";
import { takeNumber } from "./numbers.js";
import { phrases, singular } from "./words.js";

/** One condition on the rows of a table. */
export interface Condition {
  readonly column: string;
  readonly op: string;
  readonly value: JsonValue;
}

/** Words that end a column's name. */
export const STOPS: ReadonlySet<string> = new Set(
  phrases(`by | per | for | where | with | whose | having | in | and | or | of | that | which | is | are |
    was | were | have | has | had | grouped | sorted | ordered | from | each | , | over | above |
    under | below | exceeds | exceed | equals | equal | contains | containing | contain | = | != | > |
    < | >= | <= | ( | ) | to | at | among | across | more | less | greater | between | not | when |
    if | starts | starting | ends | ending | lower | higher | fewer | larger | smaller | within |
    does | do | there | on | only | using | as | be | it | than | exactly | broken | split |
    beginning | begins | start | end | includes | including | include | after | before | since |
    equalling | equaling | matching | matches | called | named | every | the | a | an | appears |
    minus | plus | times | divided | multiplied | squared | occurs | sold | sells | generated | made |
    earned | brought | got | shows | recorded | comes | most | least | what | how | who`),
);

/** Words that are no column: times and places in an order. */
const NO_COLUMN =
  /^(?:last|next|this|previous|first|second|third|current|same|other|all|any|past|two|three|four|five|ten|best|worst|largest|smallest|highest|lowest|above|following|you|we|i)$/i;
/** Words that begin a figure, not a condition. */
const FIGURES =
  /\b(?:total|sum|average|mean|median|number|count|maximum|minimum|highest|lowest|largest|smallest|most)\b/i;
/** What rows are called in any table. */
export const ROW_NOUNS = new Set("row record entry line item datum data-row".split(" "));
/** What rows are often called. */
export const THINGS = new Set(
  "order product customer employee people person user sale transaction city country book student purchase invoice worker client member ticket task event account item store shop company car movie film game payment shipment entry visitor patient project team player animal recipe".split(
    " ",
  ),
);

const COLUMN_TAILS = ["column", "columns", "field", "values", "value", "figures", "cells"];

const COMPARATIVES: Readonly<Record<string, readonly [column: string, op: string]>> = {
  "older than": ["age", ">"],
  "younger than": ["age", "<"],
  "more expensive than": ["price", ">"],
  "cheaper than": ["price", "<"],
  "less expensive than": ["price", "<"],
  "cost more than": ["price", ">"],
  "costs more than": ["price", ">"],
  "costing more than": ["price", ">"],
  "cost less than": ["price", "<"],
  "costing less than": ["price", "<"],
  "taller than": ["height", ">"],
  "heavier than": ["weight", ">"],
};

const OPERATORS: readonly (readonly [op: string, phrases: readonly string[]])[] = [
  [
    ">=",
    phrases(`>= | at least | is at least | no less than | not less than | greater than or equal to |
        more than or equal to | is or exceeds | of at least | equal to or greater than | no fewer than`),
  ],
  [
    "<=",
    phrases(`<= | at most | up to | no more than | not more than | less than or equal to | of at most |
        lower than or equal to | not exceeding`),
  ],
  [
    "!=",
    ["!=", "<>", "not equal to", "not", "other than", "does not equal", "different from", "anything but"],
  ],
  [
    ">",
    phrases(`> | greater than | more than | larger than | higher than | bigger than | above | over |
        exceeding | exceeds | exceed | after | later than | older than | beyond | of more than | of over`),
  ],
  [
    "<",
    phrases(`< | less than | lower than | smaller than | fewer than | below | under | before |
        earlier than | younger than | of less than | of under | cheaper than`),
  ],
  [
    "starts-with",
    ["starts with", "starting with", "start with", "begins with", "beginning with", "begin with"],
  ],
  ["ends-with", ["ends with", "ending with", "end with", "ends in", "ending in"]],
  ["contains", ["contains", "containing", "contain", "includes", "including", "include", "that contains"]],
  [
    "=",
    phrases(`= | equal to | equals | equal | exactly | set to | of | named | called | matching | matches |
        equalling`),
  ],
];

/** Reads a column's name: up to three words, or one in quotes; without "the" and "column". */
export function takeColumn(cursor: Cursor, maxWords = 3): string | undefined {
  return cursor.attempt(() => {
    cursor.skip(phrases(`the | all the | all | their | its | every | column | a | an | field | each`));
    const quoted = cursor.takeKind("quote")?.text;
    const words: string[] = [];
    while (quoted === undefined && words.length < maxWords) {
      const token = cursor.peek();
      if (token?.kind !== "word" || STOPS.has(token.text) || COLUMN_TAILS.includes(token.text)) {
        break;
      }
      words.push(token.raw);
      cursor.at += 1;
    }
    if (quoted === undefined && words.length === 0) {
      const bare = cursor.take("value", "values");
      if (bare === undefined) {
        return undefined;
      }
      words.push(bare);
    }
    cursor.take(...COLUMN_TAILS);
    if (words.some((word) => NO_COLUMN.test(word))) {
      return undefined;
    }
    return quoted ?? words.join(" ");
  });
}

/** Reads "status is shipped and amount over 100": all that must hold. Undefined where a part is not understood, or with "or". */
export function takeConditions(cursor: Cursor, isLoose = false): readonly Condition[] | undefined {
  const first = takeNextCondition(cursor, isLoose);
  if (first === undefined) {
    return undefined;
  }
  const conditions = [...first];
  for (;;) {
    const next = cursor.attempt(() =>
      cursor.take(", and", "and also", "and", ",", "but") === undefined
        ? undefined
        : takeNextCondition(cursor, isLoose),
    );
    if (next === undefined) {
      break;
    }
    conditions.push(...next);
  }
  return cursor.sees("or") === undefined ? conditions : undefined;
}

function takeNextCondition(cursor: Cursor, isLoose: boolean): readonly Condition[] | undefined {
  cursor.skip(
    phrases(`where | with | whose | the | a | an | that have | have | has | which have | having | that are |
      who have`),
  );
  return takeCondition(cursor, isLoose);
}

function takeCondition(cursor: Cursor, isLoose: boolean): readonly Condition[] | undefined {
  return takeComparative(cursor) ?? takeValueFirst(cursor) ?? takeColumnFirst(cursor, isLoose);
}

/** "older than 30": a condition whose column the adjective names. */
export function takeComparative(cursor: Cursor): readonly Condition[] | undefined {
  return cursor.attempt(() => {
    cursor.take("that are", "who are", "which are", "are");
    const phrase = cursor.take(...Object.keys(COMPARATIVES));
    const [column, op] = COMPARATIVES[phrase ?? ""] ?? [];
    const value = phrase === undefined ? undefined : takeOperand(cursor);
    return column === undefined || op === undefined || typeof value !== "number"
      ? undefined
      : [{ column, op, value }];
  });
}

function takeColumnFirst(cursor: Cursor, isLoose: boolean): readonly Condition[] | undefined {
  return cursor.attempt(() => {
    const column = takeColumnBeforeValue(cursor);
    if (column === undefined) {
      return undefined;
    }
    const verb = takeIs(cursor);
    const isNegated = verb === "not";
    if (cursor.take("between") !== undefined) {
      const low = takeOperand(cursor);
      if (low === undefined || cursor.take("and") === undefined) {
        return undefined;
      }
      const high = takeOperand(cursor);
      return high === undefined
        ? undefined
        : [
            { column, op: ">=", value: low },
            { column, op: "<=", value: high },
          ];
    }
    const found = OPERATORS.find(
      ([, phrases]) => cursor.take(...phrases.toSorted((a, b) => b.length - a.length)) !== undefined,
    );
    const value = takeOperand(cursor);
    if (value === undefined) {
      return undefined;
    }
    const isBare = found === undefined && verb === undefined && typeof value === "string";
    if (isBare && (isRowName(value, isLoose) || FIGURES.test(column) || FIGURES.test(value))) {
      return undefined;
    }
    if (isNegated && found !== undefined && found[0] !== "=") {
      return undefined;
    }
    const after = cursor.take("or more", "or higher", "or above", "and above", "or greater", "and up")
      ? ">="
      : cursor.take("or less", "or lower", "or below", "or fewer", "and below")
        ? "<="
        : undefined;
    return [{ column, op: after ?? (isNegated ? "!=" : (found?.[0] ?? "=")), value }];
  });
}

/** "region North": one word and a value; "unit price over 5": words up to the operator. */
function takeColumnBeforeValue(cursor: Cursor): string | undefined {
  const from = cursor.at;
  const long = takeColumn(cursor);
  const isOperator =
    ["is", "are", "was", "were", "has", "does"].includes(cursor.word()) ||
    OPERATORS.some(([, phrases]) => cursor.sees(...phrases)) ||
    cursor.word() === "between";
  if (
    long !== undefined &&
    (isOperator ||
      cursor.peek()?.kind === "number" ||
      cursor.peek()?.kind === "quote" ||
      cursor.peek()?.kind === "date")
  ) {
    return long;
  }
  cursor.at = from;
  return takeColumn(cursor, 1);
}

function takeIs(cursor: Cursor): "is" | "not" | undefined {
  const isNegated = cursor.take("is not", "are not", "was not", "were not", "does not", "do not", "has not");
  if (isNegated !== undefined) {
    return "not";
  }
  return cursor.take("is", "are", "was", "were", "has", "have") === undefined ? undefined : "is";
}

/** "the North region", "category books" the other way round: a name with a capital, then the column. */
function takeValueFirst(cursor: Cursor): readonly Condition[] | undefined {
  return cursor.attempt(() => {
    const words: string[] = [];
    const quoted = cursor.takeKind("quote")?.text;
    while (quoted === undefined && words.length < 3) {
      const token = cursor.peek();
      if (token?.kind !== "word" || !/^[A-Z]/.test(token.raw)) {
        break;
      }
      words.push(token.raw);
      cursor.at += 1;
    }
    const value = quoted ?? words.join(" ");
    const column = cursor.peek();
    if (value === "" || column?.kind !== "word" || STOPS.has(column.text) || !/^[a-z]/.test(column.raw)) {
      return undefined;
    }
    cursor.at += 1;
    return [{ column: singular(column.raw), op: "=", value }];
  });
}

function takeOperand(cursor: Cursor): JsonValue | undefined {
  cursor.take("the", "a");
  const quoted = cursor.takeKind("quote", "date", "email");
  if (quoted !== undefined) {
    return quoted.text;
  }
  const negative = cursor.take("-") !== undefined;
  const number = takeNumber(cursor);
  if (number !== undefined) {
    return Number(number.text.replace(" / 100", "")) * (negative ? -1 : 1);
  }
  if (negative) {
    return undefined;
  }
  const words: string[] = [];
  for (let token = cursor.peek(); token?.kind === "word" && words.length < 3; token = cursor.peek()) {
    if (STOPS.has(token.text) && !(words.length > 0 && token.text === "of")) {
      break;
    }
    if (words.length > 0 && ["only", "please", "then"].includes(token.text)) {
      break;
    }
    words.push(token.raw);
    cursor.at += 1;
  }
  if (words.length === 0) {
    return undefined;
  }
  const value = words.join(" ");
  if (cursor.take("only") === undefined && value === "") {
    return undefined;
  }
  return value;
}

/** "shipped orders" is no column and value: the second word only says what the rows are. */
function isRowName(value: string, isLoose: boolean): boolean {
  const word = singular(value.toLowerCase());
  return ROW_NOUNS.has(word) || (isLoose && THINGS.has(word));
}
