import type { Cursor } from "./cursor.js";
import { lastMany, takeManyReferences, takeOneReference } from "./link-parts.js";
import { phrases } from "./phrases.js";
import type { PlanDraft, Value } from "./plan-draft.js";
import { SCALES, smallNumber } from "./words.js";

/** Reads a value of another kind that may stand inside arithmetic: a total over a table, a count of words. */
export type TakeOther = (cursor: Cursor, draft: PlanDraft) => Value | undefined;

/** What an expression is read with. */
export type Arithmetic = { readonly cursor: Cursor; readonly draft: PlanDraft; readonly other: TakeOther };

const CURRENCIES = ["dollars", "dollar", "euros", "euro", "pounds", "usd", "eur", "gbp", "bucks", "€", "£"];
const FUNCTIONS = phrases(
  `sqrt | abs | round | floor | ceil | min | max | sum | avg | mean | median | log | ln | exp | pow`,
);
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

const WHOLE =
  phrases(`to the nearest whole number | to the nearest integer | to the nearest whole | to a whole number |
  to an integer | to the nearest unit | to the nearest number`);

/** A number as a value. */
export function literal(text: string): Value {
  return { text, atomic: !text.startsWith("-"), kind: "number" };
}

/** Two values joined by an operator; a percentage that is added or taken away is one of the left value. */
export function combine(left: Value, operator: string, right: Value, tags?: readonly string[]): Value {
  const isShare = right.percent === true && (operator === "+" || operator === "-");
  const text = isShare
    ? `${group(left)} * (1 ${operator} ${right.text})`
    : `${group(left, operator)} ${operator} ${group(right)}`;
  return { text, atomic: false, kind: "number", tags };
}

/** A function over values. */
export function call(name: string, values: readonly Value[], tags?: readonly string[]): Value {
  return {
    text: `${name}(${values.map((value) => value.text).join(", ")})`,
    atomic: true,
    kind: "number",
    tags,
  };
}

/** Several values under one operator or function: "+" over three is their sum. */
export function overList(name: string, values: readonly Value[], tag: string): Value {
  if (name !== "+" && name !== "*") return call(name, values, [tag]);
  const text = values.map((value) => group(value)).join(` ${name} `);
  return { text, atomic: values.length === 1, kind: "number", tags: [tag] };
}

function group(value: Value, operator?: string): string {
  const isSum = operator === "+" && /^[\w{}. +*/]+$/.test(value.text);
  return value.atomic || isSum ? value.text : `(${value.text})`;
}

/** Reads a whole expression in signs or in words. */
export function takeExpression(arithmetic: Arithmetic, signsOnly = false): Value | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    let left = takeProduct(arithmetic, signsOnly);
    while (left !== undefined) {
      const loose = signsOnly ? undefined : takeLooseOperator(cursor);
      const operator = loose ?? takeSumOperator(cursor, signsOnly);
      if (operator === undefined) return signsOnly ? left : (takeRounded(cursor, left) ?? left);
      const right = takeProduct(arithmetic, signsOnly);
      if (right === undefined) return undefined;
      left =
        operator === "+of"
          ? combine(right, "+", left)
          : operator === "-of"
            ? combine(right, "-", left)
            : combine(left, operator, right);
    }
    return undefined;
  });
}

/** "rounded to 2 decimals" after a value. */
function takeRounded(cursor: Cursor, value: Value): Value | undefined {
  return cursor.attempt(() =>
    cursor.take("rounded", "and rounded", ", rounded") === undefined
      ? undefined
      : takePlaces(cursor, "round", value),
  );
}

/** "to 2 decimal places", "to the nearest integer", or nothing: the value rounded so. */
export function takePlaces(cursor: Cursor, name: string, value: Value): Value | undefined {
  cursor.take("off");
  if (cursor.take(...WHOLE) !== undefined || cursor.take("to") === undefined) return call(name, [value]);
  const digits = takeNumber(cursor);
  if (digits === undefined || name !== "round") return undefined;
  const places = cursor.take("decimal places", "decimal place", "decimals", "decimal", "places", "digits");
  return places === undefined ? undefined : call("round", [value, digits]);
}

/** ", divided by": after a comma a word takes all that stands before it. */
function takeLooseOperator(cursor: Cursor): string | undefined {
  if (cursor.take(", plus", ", increased by") !== undefined) return "+";
  if (cursor.take(", minus", ", less", ", decreased by") !== undefined) return "-";
  if (cursor.take(", times", ", multiplied by", ", and multiplied by") !== undefined) return "*";
  return cursor.take(", divided by", ", and divided by") === undefined ? undefined : "/";
}

function takeSumOperator(cursor: Cursor, signsOnly: boolean): string | undefined {
  if (cursor.take("+")) return "+";
  if (cursor.take("-")) return "-";
  if (signsOnly) return undefined;
  if (cursor.take("plus", "increased by", "added with", "and then plus")) return "+";
  if (cursor.take("more than", "added to", "greater than")) return "+of";
  if (cursor.take("less than", "subtracted from", "fewer than", "deducted from")) return "-of";
  if (cursor.take("minus", "less", "decreased by", "reduced by", "take away")) return "-";
  return undefined;
}

function takeProduct(arithmetic: Arithmetic, signsOnly: boolean): Value | undefined {
  const { cursor } = arithmetic;
  let left = takePower(arithmetic);
  while (left !== undefined) {
    const operator = takeProductOperator(cursor, signsOnly);
    if (operator === undefined) return left;
    const right = takePower(arithmetic);
    left = right === undefined ? undefined : combine(left, operator, right);
  }
  return undefined;
}

function takeProductOperator(cursor: Cursor, signsOnly: boolean): string | undefined {
  if (cursor.take("*", "x")) return "*";
  if (cursor.take("/")) return "/";
  if (cursor.take("mod", "modulo", "modulus")) return "%";
  if (cursor.word() === "%" && startsOperand(cursor, 1)) {
    cursor.at += 1;
    return "%";
  }
  if (signsOnly) return undefined;
  if (cursor.take("times", "multiplied by", "multiplied with", "by a factor of")) return "*";
  if (cursor.take("divided by", "over", "divided into")) return "/";
  return undefined;
}

/** Reads a value and what is hung on it: "squared", "^ 2", "to the power of 3". */
function takePower(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  let base = takePrimary(arithmetic);
  while (base !== undefined) {
    if (cursor.take("squared", "²", "to the second power"))
      base = combine(base, "^", literal("2"), ["square"]);
    else if (cursor.take("cubed", "³", "to the third power")) base = combine(base, "^", literal("3"));
    else if (
      cursor.take(
        "^",
        "to the power of",
        "to the power",
        "raised to the power of",
        "raised to the power",
        "raised to",
      )
    ) {
      base = withPower(base, takePower(arithmetic));
    } else if (cursor.sees("to the", "raised to the") !== undefined && nthPower(cursor) !== undefined) {
      cursor.take("raised to the", "to the");
      base = withPower(base, literal(nthPowerText(cursor)));
      cursor.at += 1;
      cursor.take("power");
    } else if (cursor.word() === "!") return undefined;
    else return base;
  }
  return undefined;
}

function withPower(base: Value, exponent: Value | undefined): Value | undefined {
  return exponent === undefined ? undefined : combine(base, "^", exponent);
}

function nthPower(cursor: Cursor): string | undefined {
  const offset = cursor.word() === "raised" ? 3 : 2;
  return /^\d+(?:st|nd|rd|th)$/.exec(cursor.word(offset))?.[0];
}

function nthPowerText(cursor: Cursor): string {
  return cursor.word().replace(/\D+$/, "");
}

function takePrimary(arithmetic: Arithmetic): Value | undefined {
  const { cursor, draft } = arithmetic;
  return (
    takeSigned(arithmetic) ??
    takeParentheses(arithmetic) ??
    takeFunctionCall(arithmetic) ??
    takeShare(arithmetic) ??
    cursor.attempt(() => draft.attempt(() => arithmetic.other(cursor, draft))) ??
    takeListPhrase(arithmetic) ??
    takeUnaryPhrase(arithmetic) ??
    takeNumber(cursor) ??
    cursor.attempt(() => onlyNumbers([takeOneReference(cursor, draft)])?.[0]) ??
    takeConstant(cursor)
  );
}

function takeSigned(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    if (cursor.take("-", "minus", "negative") === undefined) return undefined;
    const value = takePower(arithmetic);
    return value === undefined ? undefined : { text: `-${group(value)}`, atomic: false, kind: "number" };
  });
}

function takeParentheses(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    if (cursor.take("(") === undefined) return undefined;
    const value = takeExpression(arithmetic);
    return value !== undefined && cursor.take(")") !== undefined ? value : undefined;
  });
}

/** "sqrt(16)", "max(3, 4)". */
function takeFunctionCall(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    const name = cursor.take(...FUNCTIONS);
    if (name === undefined || cursor.take("(") === undefined) return undefined;
    const values: Value[] = [];
    do {
      const value = takeExpression(arithmetic);
      if (value === undefined) return undefined;
      values.push(value);
    } while (cursor.take(",") !== undefined);
    return cursor.take(")") === undefined ? undefined : call(name, values);
  });
}

/** "15% of 240", "a 20% tip on 50", "15% off 80", "half of it", "twice that". */
function takeShare(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    cursor.take("the", "a", "an");
    const fraction = cursor.take(...Object.keys(FRACTIONS));
    if (fraction !== undefined && cursor.take("of", "the") !== undefined) {
      cursor.take("of");
      const whole = takePower(arithmetic);
      return whole && combine(whole, "/", literal(FRACTIONS[fraction] ?? "1"));
    }
    const multiple = cursor.take(...Object.keys(MULTIPLES));
    if (multiple !== undefined) {
      cursor.take("of", "the amount of");
      const whole = takePower(arithmetic);
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
  if (above === undefined || cursor.take("/") === undefined) return undefined;
  const below = takeNumber(cursor);
  if (below === undefined || cursor.take("of") === undefined) return undefined;
  const whole = takePower(arithmetic);
  return whole && combine({ ...combine(above, "/", below), atomic: false }, "*", whole);
}

function takePercentOf(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  const rate = takeNumber(cursor) ?? takeParentheses(arithmetic);
  if (rate?.percent !== true) return undefined;
  const isOff = cursor.take("off of", "off") !== undefined;
  if (
    !isOff &&
    cursor.take(
      ...phrases(
        `of | tip on | tax on | tip for | vat on | commission on | sales tax on | interest on | tip of`,
      ),
    ) === undefined
  )
    return undefined;
  const whole = takePower(arithmetic);
  if (whole === undefined) return undefined;
  return isOff ? combine(whole, "-", rate) : { ...combine(rate, "*", whole), tags: ["percentage"] };
}

/** "the sum of 3 and 4", "the average of 3, 4 and 5", "the difference between both", "the larger of the two". */
function takeListPhrase(arithmetic: Arithmetic): Value | undefined {
  const { cursor, draft } = arithmetic;
  return cursor.attempt(() => {
    const determiner = cursor.take("the", "their", "a", "an");
    const pair = takePairPhrase(arithmetic, determiner === "their");
    if (pair !== undefined) return pair;
    for (const [phrases, name, tag] of LISTS) {
      const phrase = cursor.take(...phrases.toSorted((a, b) => b.length - a.length));
      if (phrase === undefined) continue;
      if (determiner === "their") {
        const many = lastMany(draft, undefined);
        return many && overList(name, many, tag);
      }
      cursor.take("value", "number", "one", "result");
      if (cursor.take("of", "among", "between", "out of", "for") === undefined)
        return openList(draft, name, tag, determiner);
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
  if (determiner === undefined || draft.results.some((result) => result.value.tags?.includes(tag)))
    return undefined;
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
    if (name === undefined) return undefined;
    const joint = isTheirs
      ? undefined
      : cursor.take("between", "of dividing", "when dividing", "when", "from", "of");
    const values = isTheirs || joint === undefined ? lastMany(draft, 2) : takePair(arithmetic);
    const [first, second] = values ?? [];
    if (first === undefined || second === undefined || values?.length !== 2) return undefined;
    if (name.endsWith("difference")) return call("abs", [combine(first, "-", second)], ["difference"]);
    return combine(first, name === "remainder" ? "%" : "/", second, [
      name === "remainder" ? name : "quotient",
    ]);
  });
}

function takePair(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  const many = takeManyReferences(cursor, draft);
  if (many !== undefined) return many;
  const first = takeExpression(arithmetic, true);
  cursor.take("is", "gets");
  if (first === undefined || cursor.take("and", "to", "by", "divided by", "from") === undefined)
    return undefined;
  const second = takeExpression(arithmetic, true);
  return second && [first, second];
}

/** The values where all can be calculated with: numbers, and the content of a file that may hold one. */
function onlyNumbers(values: readonly (Value | undefined)[] | undefined): readonly Value[] | undefined {
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
    const next = many ?? takeExpression(arithmetic, true);
    if (next === undefined) return undefined;
    values.push(...(Array.isArray(next) ? next : [next]));
    if (values.length > 1 && startsListPhrase(cursor)) return values;
    const before = cursor.at;
    if (cursor.take(", and", ",", "and", "&") === undefined) return values.length > 1 ? values : undefined;
    if (!canStartOperand(arithmetic)) {
      cursor.at = before;
      return values.length > 1 ? values : undefined;
    }
  }
}

function canStartOperand(arithmetic: Arithmetic): boolean {
  const { cursor, draft } = arithmetic;
  const at = cursor.at;
  const found = draft.attempt(() => takeManyReferences(cursor, draft) ?? takeExpression(arithmetic, true));
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
function takeUnaryPhrase(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    cursor.take("the", "its", "a");
    const name = cursor.take(
      ...phrases(
        `square root | cube root | absolute value | square | cube | natural logarithm | natural log`,
      ),
    );
    if (name === undefined) return undefined;
    if (cursor.take("of") === undefined) return undefined;
    const value = takePower(arithmetic);
    if (value === undefined) return undefined;
    if (name === "square" || name === "cube")
      return combine(value, "^", literal(name === "square" ? "2" : "3"), ["square"]);
    if (name === "cube root") return combine(value, "^", { ...literal("1 / 3"), atomic: false }, ["root"]);
    return call(
      name === "square root" ? "sqrt" : name === "absolute value" ? "abs" : "ln",
      [value],
      ["root"],
    );
  });
}

/** Reads a number: digits or words, with a scale, a percent sign, a currency. */
export function takeNumber(cursor: Cursor): Value | undefined {
  return cursor.attempt(() => {
    cursor.take("the number", "$", "€", "£");
    const text = takeDigits(cursor) ?? takeNumberWords(cursor);
    if (text === undefined) return undefined;
    cursor.take(...CURRENCIES);
    if (cursor.word() === "%" && startsOperand(cursor, 1)) return literal(text);
    if (cursor.take("%", "percent", "per cent", "pct") === undefined) return literal(text);
    return { text: `${text} / 100`, atomic: false, kind: "number", percent: true };
  });
}

function takeDigits(cursor: Cursor): string | undefined {
  const token = cursor.takeKind("number");
  if (token === undefined) return undefined;
  const scale = SCALES[cursor.word()];
  if (scale === undefined) return token.text;
  cursor.at += 1;
  return String(Number(token.text) * scale);
}

/** "two hundred and five", "a dozen", "twenty-five thousand". */
function takeNumberWords(cursor: Cursor): string | undefined {
  let total = 0;
  let part: number | undefined;
  const isDozen = cursor.take("a") !== undefined;
  if (isDozen && SCALES[cursor.word()] === undefined) return undefined;
  if (isDozen) part = 1;
  for (;;) {
    const small = smallNumber(cursor.word());
    const scale = SCALES[cursor.word()];
    if (scale !== undefined && part !== undefined) {
      if (scale >= 1_000) {
        total += part * scale;
        part = 0;
      } else part *= scale;
    } else if (
      small !== undefined &&
      (part === undefined || part % 100 === 0 || (small < 10 && part % 10 === 0 && part % 100 >= 20))
    ) {
      part = (part ?? 0) + small;
    } else if (
      cursor.word() === "and" &&
      part !== undefined &&
      part + total >= 100 &&
      smallNumber(cursor.word(1)) !== undefined &&
      part % 100 === 0
    ) {
      cursor.at += 1;
      continue;
    } else break;
    cursor.at += 1;
  }
  return part === undefined ? undefined : String(total + part);
}

function takeConstant(cursor: Cursor): Value | undefined {
  const name = cursor.take("pi", "π");
  return name === undefined ? undefined : literal("pi");
}

function startsOperand(cursor: Cursor, offset: number): boolean {
  return cursor.peek(offset)?.kind === "number" || cursor.word(offset) === "(";
}
