import {
  type Arithmetic,
  onlyNumbers,
  type TakeOther,
  takeListPhrase,
  takeShare,
  takeUnaryPhrase,
} from "./arithmetic-phrases.js";
import type { Cursor } from "./cursor.js";
import { takeOneReference } from "./link-parts.js";
import { startsOperand, takeNumber } from "./numbers.js";
import type { PlanDraft } from "./plan-draft.js";
import { call, combine, group, literal, type Value } from "./values.js";
import { phrases } from "./words.js";

const FUNCTIONS = phrases(
  `sqrt | abs | round | floor | ceil | min | max | sum | avg | mean | median | log | ln | exp | pow`,
);

const WHOLE =
  phrases(`to the nearest whole number | to the nearest integer | to the nearest whole | to a whole number |
  to an integer | to the nearest unit | to the nearest number`);

/** Reads a whole expression in signs or in words. */
export function takeExpression(arithmetic: Arithmetic, signsOnly = false): Value | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    let left = takeProduct(arithmetic, signsOnly);
    while (left !== undefined) {
      const loose = signsOnly ? undefined : takeLooseOperator(cursor);
      const operator = loose ?? takeSumOperator(cursor, signsOnly);
      if (operator === undefined) {
        return signsOnly ? left : (takeRounded(cursor, left) ?? left);
      }
      const right = takeProduct(arithmetic, signsOnly);
      if (right === undefined) {
        return undefined;
      }
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
  if (cursor.take(...WHOLE) !== undefined || cursor.take("to") === undefined) {
    return call(name, [value]);
  }
  const digits = takeNumber(cursor);
  if (digits === undefined || name !== "round") {
    return undefined;
  }
  const places = cursor.take("decimal places", "decimal place", "decimals", "decimal", "places", "digits");
  return places === undefined ? undefined : call("round", [value, digits]);
}

/** ", divided by": after a comma a word takes all that stands before it. */
function takeLooseOperator(cursor: Cursor): string | undefined {
  if (cursor.take(", plus", ", increased by") !== undefined) {
    return "+";
  }
  if (cursor.take(", minus", ", less", ", decreased by") !== undefined) {
    return "-";
  }
  if (cursor.take(", times", ", multiplied by", ", and multiplied by") !== undefined) {
    return "*";
  }
  return cursor.take(", divided by", ", and divided by") === undefined ? undefined : "/";
}

function takeSumOperator(cursor: Cursor, signsOnly: boolean): string | undefined {
  if (cursor.take("+")) {
    return "+";
  }
  if (cursor.take("-")) {
    return "-";
  }
  if (signsOnly) {
    return undefined;
  }
  if (cursor.take("plus", "increased by", "added with", "and then plus")) {
    return "+";
  }
  if (cursor.take("more than", "added to", "greater than")) {
    return "+of";
  }
  if (cursor.take("less than", "subtracted from", "fewer than", "deducted from")) {
    return "-of";
  }
  if (cursor.take("minus", "less", "decreased by", "reduced by", "take away")) {
    return "-";
  }
  return undefined;
}

function takeProduct(arithmetic: Arithmetic, signsOnly: boolean): Value | undefined {
  const { cursor } = arithmetic;
  let left = takePower(arithmetic);
  while (left !== undefined) {
    const operator = takeProductOperator(cursor, signsOnly);
    if (operator === undefined) {
      return left;
    }
    const right = takePower(arithmetic);
    left = right === undefined ? undefined : combine(left, operator, right);
  }
  return undefined;
}

function takeProductOperator(cursor: Cursor, signsOnly: boolean): string | undefined {
  if (cursor.take("*", "x")) {
    return "*";
  }
  if (cursor.take("/")) {
    return "/";
  }
  if (cursor.take("mod", "modulo", "modulus")) {
    return "%";
  }
  if (cursor.word() === "%" && startsOperand(cursor, 1)) {
    cursor.at += 1;
    return "%";
  }
  if (signsOnly) {
    return undefined;
  }
  if (cursor.take("times", "multiplied by", "multiplied with", "by a factor of")) {
    return "*";
  }
  if (cursor.take("divided by", "over", "divided into")) {
    return "/";
  }
  return undefined;
}

/** Reads a value and what is hung on it: "squared", "^ 2", "to the power of 3". */
function takePower(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  let base = takePrimary(arithmetic);
  while (base !== undefined) {
    if (cursor.take("squared", "²", "to the second power")) {
      base = combine(base, "^", literal("2"), ["square"]);
    } else if (cursor.take("cubed", "³", "to the third power")) {
      base = combine(base, "^", literal("3"));
    } else if (
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
    } else if (cursor.word() === "!") {
      return undefined;
    } else {
      return base;
    }
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
    if (cursor.take("-", "minus", "negative") === undefined) {
      return undefined;
    }
    const value = takePower(arithmetic);
    return value === undefined ? undefined : { text: `-${group(value)}`, atomic: false, kind: "number" };
  });
}

function takeParentheses(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    if (cursor.take("(") === undefined) {
      return undefined;
    }
    const value = takeExpression(arithmetic);
    return value !== undefined && cursor.take(")") !== undefined ? value : undefined;
  });
}

/** "sqrt(16)", "max(3, 4)". */
function takeFunctionCall(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    const name = cursor.take(...FUNCTIONS);
    if (name === undefined || cursor.take("(") === undefined) {
      return undefined;
    }
    const values: Value[] = [];
    do {
      const value = takeExpression(arithmetic);
      if (value === undefined) {
        return undefined;
      }
      values.push(value);
    } while (cursor.take(",") !== undefined);
    return cursor.take(")") === undefined ? undefined : call(name, values);
  });
}

function takeConstant(cursor: Cursor): Value | undefined {
  const name = cursor.take("pi", "π");
  return name === undefined ? undefined : literal("pi");
}

/** A reader of arithmetic at a cursor. */
export function createArithmetic(cursor: Cursor, draft: PlanDraft, other: TakeOther): Arithmetic {
  const arithmetic: Arithmetic = {
    cursor,
    draft,
    other,
    expression: (signsOnly) => takeExpression(arithmetic, signsOnly),
    power: () => takePower(arithmetic),
  };
  return arithmetic;
}
