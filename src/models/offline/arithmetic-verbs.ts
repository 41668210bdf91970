import { type Arithmetic, takeOperands } from "./arithmetic-phrases.js";
import { takeExpression, takePlaces } from "./arithmetic-words.js";
import { lastMany, takeManyReferences, takeOneReference, theLast } from "./link-parts.js";
import { skipAsks } from "./to-step.js";
import { call, combine, literal, overList, type Value } from "./values.js";
import { LEADS } from "./words.js";

/** "add 5 to it", "multiply both", "halve the result": a verb with its objects. */
export function takeVerb(arithmetic: Arithmetic): Value | undefined {
  const { cursor, draft } = arithmetic;
  const asked = cursor.attempt(() => {
    skipAsks(arithmetic);
    return (
      /^(?:add|sum|total|subtract|deduct|multiply|divide|double|triple|halve|square|raise|round|increase|decrease|reduce|average)$/.test(
        cursor.word(),
      ) || undefined
    );
  });
  if (asked === undefined) {
    skipLead(arithmetic);
  }
  const last = (): Value | undefined => theLast(draft);
  if (
    cursor.take("add up", "add together", "add", "sum up", "sum", "total up", "total", "tally up", "tally")
  ) {
    return takeAddition(arithmetic, last);
  }
  if (cursor.take("subtract", "deduct", "take away", "remove", "take off", "minus")) {
    return takeSubtraction(arithmetic, last);
  }
  if (cursor.take("take")) {
    return takeTaking(arithmetic);
  }
  if (cursor.take("multiply", "times")) {
    return takeMultiplication(arithmetic, last);
  }
  if (cursor.take("divide")) {
    return takeDivision(arithmetic, last);
  }
  if (cursor.take("plus")) {
    return withLast(arithmetic, "+", last);
  }
  const factor = cursor.take("double", "triple", "quadruple", "halve");
  if (factor !== undefined) {
    if (cursor.word() === "of") {
      return undefined;
    }
    const whole = takeObject(arithmetic, last);
    const by = factor === "double" || factor === "halve" ? "2" : factor === "triple" ? "3" : "4";
    return whole && combine(whole, factor === "halve" ? "/" : "*", literal(by));
  }
  const power = cursor.take("square", "cube");
  if (power !== undefined) {
    if (["root", "of"].includes(cursor.word())) {
      return undefined;
    }
    const base = takeObject(arithmetic, last);
    return base && combine(base, "^", literal(power === "square" ? "2" : "3"));
  }
  if (cursor.take("raise", "increase", "grow", "bump")) {
    return takeChange(arithmetic, "+", last);
  }
  if (cursor.take("decrease", "reduce", "lower", "discount", "cut")) {
    return takeChange(arithmetic, "-", last);
  }
  if (cursor.take("round off", "round up", "round down", "round")) {
    return takeRounding(arithmetic, last);
  }
  if (cursor.take("average out", "average")) {
    const values = takeOperands(arithmetic);
    return values && overList("avg", values, "average");
  }
  return undefined;
}

function skipLead({ cursor }: Arithmetic): void {
  cursor.skip(LEADS);
}

function withLast(
  arithmetic: Arithmetic,
  operator: string,
  last: () => Value | undefined,
): Value | undefined {
  const value = takeExpression(arithmetic);
  const left = last();
  return value && left && combine(left, operator, value);
}

/** What a verb is done to: what stands there, else the last result. */
function takeObject(arithmetic: Arithmetic, last: () => Value | undefined): Value | undefined {
  return (
    takeExpression(arithmetic) ??
    (arithmetic.cursor.done || ["and", ","].includes(arithmetic.cursor.word()) ? last() : undefined)
  );
}

function takeAddition(arithmetic: Arithmetic, last: () => Value | undefined): Value | undefined {
  const { cursor, draft } = arithmetic;
  cursor.take("up", "together", "all of", ":");
  if (cursor.done) {
    const many = lastMany(draft, undefined);
    return many && overList("+", many, "sum");
  }
  const many = cursor.attempt(() => {
    const values = takeOperands(arithmetic);
    if (values === undefined || cursor.sees("to") !== undefined) {
      return undefined;
    }
    return values;
  });
  if (many !== undefined) {
    return overList("+", many, "sum");
  }
  const added = takeExpression(arithmetic);
  if (added === undefined) {
    return undefined;
  }
  const target =
    cursor.take("to", "onto", "with", "on top of") === undefined ? last() : takeExpression(arithmetic);
  return target && combine(target, "+", added, ["sum"]);
}

function takeSubtraction(arithmetic: Arithmetic, last: () => Value | undefined): Value | undefined {
  const { cursor } = arithmetic;
  const apart = cursor.attempt(() => takeSmallerFromLarger(arithmetic));
  if (apart !== undefined) {
    return apart;
  }
  const taken = takeExpression(arithmetic);
  if (taken === undefined) {
    return undefined;
  }
  const whole = cursor.take("from", "off") === undefined ? last() : takeExpression(arithmetic);
  return whole && combine(whole, "-", taken, ["difference"]);
}

/** "subtract the smaller from the larger", of two values that stand there or before it. */
function takeSmallerFromLarger(arithmetic: Arithmetic): Value | undefined {
  const { cursor, draft } = arithmetic;
  const nouns = ["one", "number", "value", "result", "product", "sum", "total", "of them", "of the two"];
  if (cursor.take("the smaller", "the lower", "the smallest", "the lesser") === undefined) {
    return undefined;
  }
  cursor.take(...nouns);
  if (
    cursor.take(
      "from the larger",
      "from the bigger",
      "from the greater",
      "from the largest",
      "from the higher",
    ) === undefined
  ) {
    return undefined;
  }
  cursor.take(...nouns);
  const values = cursor.take("of", "between") === undefined ? lastMany(draft, 2) : takeOperands(arithmetic);
  const [first, second, ...more] = values ?? [];
  if (first === undefined || second === undefined || more.length > 0) {
    return undefined;
  }
  return call("abs", [combine(first, "-", second)], ["difference"]);
}

/** "take 5 from 12", "take 5 away from it". */
function takeTaking(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  const taken = takeExpression(arithmetic);
  if (taken === undefined || cursor.take("away from", "off of", "off", "from") === undefined) {
    return undefined;
  }
  const whole = takeExpression(arithmetic);
  return whole && combine(whole, "-", taken, ["difference"]);
}

function takeMultiplication(arithmetic: Arithmetic, last: () => Value | undefined): Value | undefined {
  const { cursor, draft } = arithmetic;
  if (cursor.take("by", "with") !== undefined) {
    return withLast(arithmetic, "*", last);
  }
  const many = cursor.attempt(() => {
    const values = takeOperands(arithmetic) ?? takeManyReferences(cursor, draft);
    return cursor.sees("by", "with") === undefined ? values : undefined;
  });
  if (many !== undefined) {
    return overList("*", many, "product");
  }
  const left = takeExpression(arithmetic, true);
  if (left === undefined || cursor.take("by", "with", "times", "and") === undefined) {
    return undefined;
  }
  const right = takeExpression(arithmetic);
  return right && combine(left, "*", right, ["product"]);
}

function takeDivision(arithmetic: Arithmetic, last: () => Value | undefined): Value | undefined {
  const { cursor, draft } = arithmetic;
  if (cursor.take("by") !== undefined) {
    return withLast(arithmetic, "/", last);
  }
  const left = cursor.attempt(() => takeDividend(arithmetic));
  if (left === undefined || cursor.take("by") === undefined) {
    return undefined;
  }
  const right = takeExpression(arithmetic) ?? takeOneReference(cursor, draft);
  return right && combine(left, "/", right, ["quotient"]);
}

/** "divide the sum by 2", and "divide 3 by 4" where the words after it are not its own. */
function takeDividend(arithmetic: Arithmetic): Value | undefined {
  return takeExpression(arithmetic);
}

/** "increase it by 10%", "raise 2 to the power of 5". */
function takeChange(
  arithmetic: Arithmetic,
  sign: "+" | "-",
  last: () => Value | undefined,
): Value | undefined {
  const { cursor } = arithmetic;
  if (cursor.take("by") !== undefined) {
    return withLast(arithmetic, sign, last);
  }
  const base = takeExpression(arithmetic);
  if (base === undefined) {
    return undefined;
  }
  if (cursor.done && base.text.includes("^")) {
    return base;
  }
  if (cursor.take("by") === undefined) {
    return undefined;
  }
  const change = takeExpression(arithmetic);
  return change && combine(base, sign, change);
}

/** "round it to 2 decimals", "round up the result", "round 3.7 to the nearest integer". */
function takeRounding(arithmetic: Arithmetic, last: () => Value | undefined): Value | undefined {
  const { cursor } = arithmetic;
  const way = cursor.tokens[cursor.at - 1]?.text;
  const value = takeExpression(arithmetic) ?? last();
  const direction = cursor.take("up", "down") ?? way;
  const name = direction === "up" ? "ceil" : direction === "down" ? "floor" : "round";
  return value && takePlaces(cursor, name, value);
}
