import type { Cursor } from "./cursor.js";
import { lastMany, takeManyReferences, theLast } from "./link-parts.js";
import { takeNumber } from "./numbers.js";
import type { PlanDraft } from "./plan-draft.js";
import { call, combine, literal, overList, type Value } from "./values.js";
import { phrases } from "./words.js";

/** Reads a value of another kind that may stand inside arithmetic: a total over a table, a count of words. */
export type TakeOther = (cursor: Cursor, draft: PlanDraft) => Value | undefined;

/** What an expression is read with; its own readers come along, since phrases hold expressions again. */
export interface Arithmetic {
  readonly cursor: Cursor;
  readonly draft: PlanDraft;
  readonly other: TakeOther;
  /** Reads a whole expression; `signsOnly`: without words between its operands. */
  expression(signsOnly?: boolean): Value | undefined;
  /** Reads one operand with its power. */
  power(): Value | undefined;
}

const LISTS: readonly (readonly [phrases: readonly string[], name: string, tag: string])[] = [
  [["sum", "total", "grand total", "combined total"], "+", "sum"],
  [["product"], "*", "product"],
  [["average", "mean", "arithmetic mean", "average value", "mean value"], "avg", "average"],
  [["median"], "median", "median"],
  [
    ["maximum", "max", "largest", "biggest", "greatest", "highest", "larger", "bigger", "greater", "higher"],
    "max",
    "max",
  ],
  [["minimum", "min", "smallest", "lowest", "least", "smaller", "lower", "lesser"], "min", "min"],
];

const FRACTIONS: Readonly<Record<string, string>> = {
  half: "2",
  third: "3",
  quarter: "4",
  fourth: "4",
  fifth: "5",
  tenth: "10",
  "one half": "2",
  "one-half": "2",
  "a half": "2",
  "a third": "3",
  "one third": "3",
  "one-third": "3",
  "a quarter": "4",
  "one quarter": "4",
  "one-quarter": "4",
  "a fourth": "4",
  "one fourth": "4",
  "a fifth": "5",
  "one fifth": "5",
  "a tenth": "10",
  "one tenth": "10",
  "a quarter part": "4",
};

const MULTIPLES: Readonly<Record<string, string>> = {
  twice: "2",
  double: "2",
  "the double of": "2",
  triple: "3",
  thrice: "3",
  quadruple: "4",
  "two thirds of": "2 / 3",
  "two-thirds of": "2 / 3",
  "three quarters of": "3 / 4",
  "three-quarters of": "3 / 4",
  "three fourths of": "3 / 4",
};

/** "15% of 240", "a 20% tip on 50", "15% off 80", "half of it", "twice that". */
export function takeShare(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    cursor.take("the", "a", "an");
    const fraction = cursor.take(...Object.keys(FRACTIONS));
    if (fraction !== undefined && cursor.take("of", "the") !== undefined) {
      cursor.take("of");
      const whole = arithmetic.power();
      return whole && combine(whole, "/", literal(FRACTIONS[fraction] ?? "1"));
    }
    const multiple = cursor.take(...Object.keys(MULTIPLES));
    if (multiple !== undefined) {
      cursor.take("of", "the amount of");
      const whole = arithmetic.power();
      const factor: Value = {
        ...literal(MULTIPLES[multiple] ?? "1"),
        atomic: !MULTIPLES[multiple]?.includes("/"),
      };
      return whole && combine(factor, "*", whole);
    }
    return cursor.attempt(() => takePercentOf(arithmetic)) ?? takeFractionOf(arithmetic);
  });
}

/** "3/4 of 80". */
function takeFractionOf(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  const above = takeNumber(cursor);
  if (above === undefined || cursor.take("/") === undefined) {
    return undefined;
  }
  const below = takeNumber(cursor);
  if (below === undefined || cursor.take("of") === undefined) {
    return undefined;
  }
  const whole = arithmetic.power();
  return whole && combine({ ...combine(above, "/", below), atomic: false }, "*", whole);
}

function takePercentOf(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  const rate = takeNumber(cursor);
  if (rate?.percent !== true) {
    return undefined;
  }
  const isOff = cursor.take("off of", "off") !== undefined;
  if (
    !isOff &&
    cursor.take(
      ...phrases(
        `of | tip on | tax on | tip for | vat on | commission on | sales tax on | interest on | tip of`,
      ),
    ) === undefined
  ) {
    return undefined;
  }
  const whole = arithmetic.power();
  if (whole === undefined) {
    return undefined;
  }
  return isOff ? combine(whole, "-", rate) : { ...combine(rate, "*", whole), tags: ["percentage"] };
}

/** "the sum of 3 and 4", "the average of 3, 4 and 5", "the difference between both", "the larger of the two". */
export function takeListPhrase(arithmetic: Arithmetic): Value | undefined {
  const { cursor, draft } = arithmetic;
  return cursor.attempt(() => {
    const determiner = cursor.take("the", "their", "a", "an");
    const pair = takePairPhrase(arithmetic, determiner === "their");
    if (pair !== undefined) {
      return pair;
    }
    for (const [phrases, name, tag] of LISTS) {
      const phrase = cursor.take(...phrases.toSorted((a, b) => b.length - a.length));
      if (phrase === undefined) {
        continue;
      }
      if (determiner === "their") {
        const many = lastMany(draft, undefined);
        return many && overList(name, many, tag);
      }
      cursor.take("value", "number", "one", "result");
      if (cursor.take("of", "among", "between", "out of", "for") === undefined) {
        return openList(draft, name, tag, determiner);
      }
      const values = takeOperands(arithmetic);
      return values && overList(name, values, tag);
    }
    return undefined;
  });
}

/** "the larger one" and "the sum" with nothing after them: over the results that stand side by side. */
function openList(
  draft: PlanDraft,
  name: string,
  tag: string,
  determiner: string | undefined,
): Value | undefined {
  if (determiner === undefined || draft.results.some((result) => result.value.tags?.includes(tag))) {
    return undefined;
  }
  const values =
    draft.lastResults().length > 1
      ? draft.lastResults().map((result) => result.value)
      : lastMany(draft, undefined);
  return values === undefined ? undefined : overList(name, values, tag);
}

function takePairPhrase(arithmetic: Arithmetic, isTheirs: boolean): Value | undefined {
  const { cursor, draft } = arithmetic;
  return cursor.attempt(() => {
    const name = cursor.take("absolute difference", "difference", "quotient", "ratio", "remainder");
    if (name === undefined) {
      return undefined;
    }
    const joint = isTheirs
      ? undefined
      : cursor.take("between", "of dividing", "when dividing", "when", "from", "of");
    const values = isTheirs || joint === undefined ? lastMany(draft, 2) : takePair(arithmetic);
    const [first, second] = values ?? [];
    if (first === undefined || second === undefined || values?.length !== 2) {
      return undefined;
    }
    if (name.endsWith("difference")) {
      return call("abs", [combine(first, "-", second)], ["difference"]);
    }
    return combine(first, name === "remainder" ? "%" : "/", second, [
      name === "remainder" ? name : "quotient",
    ]);
  });
}

function takePair(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  const many = takeManyReferences(cursor, draft);
  if (many !== undefined) {
    return many;
  }
  const first = arithmetic.expression(true);
  cursor.take("is", "gets");
  if (first === undefined || cursor.take("and", "to", "by", "divided by", "from") === undefined) {
    return undefined;
  }
  const second = arithmetic.expression(true);
  return second && [first, second];
}

/** The values where all can be calculated with: numbers, and the content of a file that may hold one. */
export function onlyNumbers(
  values: readonly (Value | undefined)[] | undefined,
): readonly Value[] | undefined {
  const numbers = values?.filter((value) => value?.kind === "number" || value?.tags?.includes("content"));
  return numbers?.length === values?.length ? numbers?.filter((value) => value !== undefined) : undefined;
}

/** Reads operands side by side: "3, 4 and 5", "both", "the first and 7". */
export function takeOperands(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  cursor.take("the numbers", "the values", "the following numbers", "these numbers", "numbers");
  cursor.take(":");
  const values: Value[] = [];
  for (;;) {
    const many = cursor.attempt(() => onlyNumbers(takeManyReferences(cursor, draft)));
    const next = many ?? arithmetic.expression(true);
    if (next === undefined) {
      return undefined;
    }
    values.push(...(Array.isArray(next) ? next : [next]));
    if (values.length > 1 && startsListPhrase(cursor)) {
      return values;
    }
    const before = cursor.at;
    if (cursor.take(", and", ",", "and", "&") === undefined) {
      return values.length > 1 ? values : undefined;
    }
    if (!canStartOperand(arithmetic)) {
      cursor.at = before;
      return values.length > 1 ? values : undefined;
    }
  }
}

function canStartOperand(arithmetic: Arithmetic): boolean {
  const { cursor, draft } = arithmetic;
  const at = cursor.at;
  const found = draft.attempt(() => takeManyReferences(cursor, draft) ?? arithmetic.expression(true));
  cursor.at = at;
  return found !== undefined;
}

/** "and the product of …": begins a value of its own, so the list before it has ended. */
function startsListPhrase(cursor: Cursor): boolean {
  const at = cursor.at;
  cursor.take(", and", ",", "and");
  cursor.take("the");
  const names = LISTS.flatMap(([phrases]) => phrases).concat("difference", "quotient", "ratio", "remainder");
  const found =
    cursor.at > at && names.some((name) => cursor.sees(`${name} of`, `${name} between`) !== undefined);
  cursor.at = at;
  return found;
}

/** "the square root of 16", "the square of 5", "the cube of it". */
export function takeUnaryPhrase(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    const determiner = cursor.take("the", "its", "a");
    const name = cursor.take(
      ...phrases(
        `square root | cube root | absolute value | square | cube | natural logarithm | natural log`,
      ),
    );
    if (name === undefined) {
      return undefined;
    }
    if (cursor.take("of") === undefined && determiner !== "its") {
      return undefined;
    }
    const value = determiner === "its" ? theLast(arithmetic.draft) : arithmetic.power();
    if (value === undefined) {
      return undefined;
    }
    if (name === "square" || name === "cube") {
      return combine(value, "^", literal(name === "square" ? "2" : "3"), ["square"]);
    }
    if (name === "cube root") {
      return combine(value, "^", { ...literal("1 / 3"), atomic: false }, ["root"]);
    }
    return call(
      name === "square root" ? "sqrt" : name === "absolute value" ? "abs" : "ln",
      [value],
      ["root"],
    );
  });
}
