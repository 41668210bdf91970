import {
  type Arithmetic,
  call,
  combine,
  literal,
  overList,
  takeExpression,
  takeOperands,
  takePlaces,
} from "./arithmetic-words.js";
import { lastMany, takeManyReferences, takeOneReference, theLast } from "./link-parts.js";
import { phrases } from "./phrases.js";
import type { PlanDraft, Value } from "./plan-draft.js";
import { ASKS, LEADS, TAILS } from "./words.js";

const ADD_UP =
  phrases(`what do they add up to | what do they sum up to | what do they sum to | what do both add up to |
    how much do they add up to | how much is that altogether | how much is that in total |
    how much is it altogether | what is that in total | what do they come to | what they add up to`);

const WHICH_IS =
  phrases(`which one of them is | which of them is | which of the two is | which one is | which result is |
    which of these is | which number is | which is`);
const COMPARATIVES =
  phrases(`larger | bigger | greater | higher | largest | biggest | greatest | highest | smaller | lower |
    smallest | lowest | less | more`);

/** Reads a request for arithmetic and adds its calculations; undefined where it is something else. */
export function takeArithmetic(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor } = arithmetic;
  return (
    takeWhole(arithmetic, () => {
      const done = takeVerb(arithmetic);
      return done && [done];
    }) ??
    takeWhole(arithmetic, () => takeComparison(arithmetic)) ??
    takeWhole(arithmetic, () => takeShareOfWhole(arithmetic)) ??
    takeWhole(arithmetic, () => {
      const asked = skipAsks(arithmetic);
      return cursor.attempt(() => takeValues(arithmetic, asked));
    })
  );
}

/** Tries a reading that must take every word of the part. */
function takeWhole(
  arithmetic: Arithmetic,
  read: () => readonly Value[] | undefined,
): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  return cursor.attempt(() =>
    draft.attempt(() => {
      cursor.skip(LEADS);
      const from = cursor.at;
      const values = read();
      if (values === undefined) return undefined;
      cursor.skip([...TAILS, ","]);
      if (!cursor.done) return undefined;
      const label = cursor.rawBetween(from, cursor.tokens.length);
      return allOf(values.map((value) => toStep(draft, value, values.length === 1 ? label : value.text)));
    }),
  );
}

/** Moves over "what is", "calculate" and the like; true where there was one. */
export function skipAsks({ cursor }: Pick<Arithmetic, "cursor">): boolean {
  const from = cursor.at;
  let before = -1;
  while (before !== cursor.at) {
    before = cursor.at;
    cursor.skip(LEADS);
    cursor.skip(ASKS);
    cursor.take(":", ",");
  }
  return cursor.at > from;
}

/** An expression becomes a calculator step; a single number or reference stays what it is. */
export function toStep(draft: PlanDraft, value: Value, label: string): Value | undefined {
  if (/^(?:\{\{[\w.[\]-]+\}\}|[\d.]+)$/.test(value.text) || value.kind === "text") return value;
  const expression = value.text.replaceAll(/^\((.*)\)$/g, (whole, inner: string) =>
    /[()]/.test(inner) ? whole : inner,
  );
  const id = draft.addStep("calculator", { expression }, label === "" ? expression : label);
  if (id === undefined) return undefined;
  return { text: `{{${id}}}`, atomic: true, kind: "number", tags: value.tags };
}

/** All the values, or undefined where one is missing. */
export function allOf(values: readonly (Value | undefined)[]): readonly Value[] | undefined {
  const found = values.filter((value) => value !== undefined);
  return found.length === values.length ? found : undefined;
}

/** Values side by side: "17*23 and 19*29", each a step of its own, so that the next can mean the ones before it. */
function takeValues(arithmetic: Arithmetic, asked: boolean): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  const values: Value[] = [];
  const before = draft.results.length;
  for (;;) {
    const from = cursor.at;
    skipAsks(arithmetic);
    cursor.take("the numbers", "the values");
    const many = takeManyReferences(cursor, draft);
    const value = many === undefined ? takeExpression(arithmetic) : undefined;
    if (many === undefined && value === undefined) return undefined;
    if (value !== undefined && /^[\d.]+$/.test(value.text) && !asked) return undefined;
    const made = many ?? allOf([value && toStep(draft, value, cursor.rawBetween(from, cursor.at))]);
    if (made === undefined) return undefined;
    values.push(...made);
    for (const one of made) draft.addResult(one, "");
    cursor.skip(TAILS);
    if (cursor.done) break;
    if (cursor.take(", and", ",", "and", "&", "as well as", "along with") === undefined) return undefined;
  }
  draft.results = draft.results.slice(0, before);
  return values;
}

/** "which is larger?", "tell me the bigger one", "compare them". */
function takeComparison(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  const asks = skipAsks(arithmetic);
  const which = cursor.take(...WHICH_IS);
  if (which === undefined && !asks) return undefined;
  cursor.take("the");
  const word = cursor.take(...COMPARATIVES);
  if (word === undefined || (which === undefined && !["", ",", ":"].includes(cursor.word())))
    return undefined;
  cursor.take("one", "number", "result", "value");
  const isBare = cursor.take(":", ",", "of") === undefined && cursor.done;
  const values = isBare
    ? lastMany(draft, undefined)
    : (takeOr(arithmetic) ?? takeManyReferences(cursor, draft));
  const name = /^(?:sm|low|less)/.test(word) ? "min" : "max";
  return values && [call(name, values, [name])];
}

function takeOr(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor } = arithmetic;
  return cursor.attempt(() => {
    const first = takeExpression(arithmetic);
    if (first === undefined || cursor.take("or", "and", ", or") === undefined) return undefined;
    const second = takeExpression(arithmetic);
    return second && [first, second];
  });
}

/** "what percent of 80 is 20", "what percentage is 20 of 80", "20 as a percentage of 80", "by how much do they differ". */
function takeShareOfWhole(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  if (cursor.take(...ADD_UP) !== undefined) {
    const many = lastMany(draft, undefined);
    return many && [overList("+", many, "sum")];
  }
  if (
    cursor.take(
      ...phrases(`by how much do they differ | how much do they differ | how far apart are they |
        what is the difference between them | by how much they differ | how much they differ |
        how much larger is one than the other`),
    ) !== undefined
  ) {
    const [first, second] = lastMany(draft, 2) ?? [];
    return first && second && [call("abs", [combine(first, "-", second)], ["difference"])];
  }
  const share = (part: Value | undefined, whole: Value | undefined): readonly Value[] | undefined =>
    part && whole && [combine(combine(part, "/", whole), "*", literal("100"), ["percentage"])];
  if (
    cursor.take("what percent of", "what percentage of", "which percentage of", "what per cent of") !==
    undefined
  ) {
    const whole = takeExpression(arithmetic);
    return cursor.take("is", "are", "does") === undefined
      ? undefined
      : share(takeExpression(arithmetic), whole);
  }
  if (cursor.take("what percent is", "what percentage is") !== undefined) {
    const part = takeExpression(arithmetic);
    return cursor.take("of", "out of") === undefined ? undefined : share(part, takeExpression(arithmetic));
  }
  skipAsks(arithmetic);
  const part = takeExpression(arithmetic);
  if (
    cursor.take(
      "is what percent of",
      "is what percentage of",
      "as a percentage of",
      "as a percent of",
      "as percentage of",
    ) === undefined
  )
    return undefined;
  return share(part, takeExpression(arithmetic));
}

/** "add 5 to it", "multiply both", "halve the result": a verb with its objects. */
function takeVerb(arithmetic: Arithmetic): Value | undefined {
  const { cursor, draft } = arithmetic;
  const asked = cursor.attempt(() => {
    skipAsks(arithmetic);
    return (
      /^(?:add|sum|total|subtract|deduct|multiply|divide|double|triple|halve|square|raise|round|increase|decrease|reduce|average)$/.test(
        cursor.word(),
      ) || undefined
    );
  });
  if (asked === undefined) skipLead(arithmetic);
  const last = (): Value | undefined => theLast(draft);
  if (cursor.take("add up", "add together", "add", "sum up", "sum", "total up", "total", "tally up", "tally"))
    return takeAddition(arithmetic, last);
  if (cursor.take("subtract", "deduct", "take away", "remove", "take off", "minus"))
    return takeSubtraction(arithmetic, last);
  if (cursor.take("take")) return takeTaking(arithmetic);
  if (cursor.take("multiply", "times")) return takeMultiplication(arithmetic, last);
  if (cursor.take("divide")) return takeDivision(arithmetic, last);
  if (cursor.take("plus")) return withLast(arithmetic, "+", last);
  const factor = cursor.take("double", "triple", "quadruple", "halve");
  if (factor !== undefined) {
    if (cursor.word() === "of") return undefined;
    const whole = takeObject(arithmetic, last);
    const by = factor === "double" || factor === "halve" ? "2" : factor === "triple" ? "3" : "4";
    return whole && combine(whole, factor === "halve" ? "/" : "*", literal(by));
  }
  const power = cursor.take("square", "cube");
  if (power !== undefined) {
    if (["root", "of"].includes(cursor.word())) return undefined;
    const base = takeObject(arithmetic, last);
    return base && combine(base, "^", literal(power === "square" ? "2" : "3"));
  }
  if (cursor.take("raise", "increase", "grow", "bump")) return takeChange(arithmetic, "+", last);
  if (cursor.take("decrease", "reduce", "lower", "discount", "cut")) return takeChange(arithmetic, "-", last);
  if (cursor.take("round off", "round up", "round down", "round")) return takeRounding(arithmetic, last);
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
    if (values === undefined || cursor.sees("to") !== undefined) return undefined;
    return values;
  });
  if (many !== undefined) return overList("+", many, "sum");
  const added = takeExpression(arithmetic);
  if (added === undefined) return undefined;
  const target =
    cursor.take("to", "onto", "with", "on top of") === undefined ? last() : takeExpression(arithmetic);
  return target && combine(target, "+", added, ["sum"]);
}

function takeSubtraction(arithmetic: Arithmetic, last: () => Value | undefined): Value | undefined {
  const { cursor } = arithmetic;
  const apart = cursor.attempt(() => takeSmallerFromLarger(arithmetic));
  if (apart !== undefined) return apart;
  const taken = takeExpression(arithmetic);
  if (taken === undefined) return undefined;
  const whole = cursor.take("from", "off") === undefined ? last() : takeExpression(arithmetic);
  return whole && combine(whole, "-", taken, ["difference"]);
}

/** "subtract the smaller from the larger", of two values that stand there or before it. */
function takeSmallerFromLarger(arithmetic: Arithmetic): Value | undefined {
  const { cursor, draft } = arithmetic;
  const nouns = ["one", "number", "value", "result", "product", "sum", "total", "of them", "of the two"];
  if (cursor.take("the smaller", "the lower", "the smallest", "the lesser") === undefined) return undefined;
  cursor.take(...nouns);
  if (
    cursor.take(
      "from the larger",
      "from the bigger",
      "from the greater",
      "from the largest",
      "from the higher",
    ) === undefined
  )
    return undefined;
  cursor.take(...nouns);
  const values = cursor.take("of", "between") === undefined ? lastMany(draft, 2) : takeOperands(arithmetic);
  const [first, second, ...more] = values ?? [];
  if (first === undefined || second === undefined || more.length > 0) return undefined;
  return call("abs", [combine(first, "-", second)], ["difference"]);
}

/** "take 5 from 12", "take 5 away from it". */
function takeTaking(arithmetic: Arithmetic): Value | undefined {
  const { cursor } = arithmetic;
  const taken = takeExpression(arithmetic);
  if (taken === undefined || cursor.take("away from", "off of", "off", "from") === undefined)
    return undefined;
  const whole = takeExpression(arithmetic);
  return whole && combine(whole, "-", taken, ["difference"]);
}

function takeMultiplication(arithmetic: Arithmetic, last: () => Value | undefined): Value | undefined {
  const { cursor, draft } = arithmetic;
  if (cursor.take("by", "with") !== undefined) return withLast(arithmetic, "*", last);
  const many = cursor.attempt(() => {
    const values = takeOperands(arithmetic) ?? takeManyReferences(cursor, draft);
    return cursor.sees("by", "with") === undefined ? values : undefined;
  });
  if (many !== undefined) return overList("*", many, "product");
  const left = takeExpression(arithmetic, true);
  if (left === undefined || cursor.take("by", "with", "times", "and") === undefined) return undefined;
  const right = takeExpression(arithmetic);
  return right && combine(left, "*", right, ["product"]);
}

function takeDivision(arithmetic: Arithmetic, last: () => Value | undefined): Value | undefined {
  const { cursor, draft } = arithmetic;
  if (cursor.take("by") !== undefined) return withLast(arithmetic, "/", last);
  const left = cursor.attempt(() => takeDividend(arithmetic));
  if (left === undefined || cursor.take("by") === undefined) return undefined;
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
  if (cursor.take("by") !== undefined) return withLast(arithmetic, sign, last);
  const base = takeExpression(arithmetic);
  if (base === undefined) return undefined;
  if (cursor.done && base.text.includes("^")) return base;
  if (cursor.take("by") === undefined) return undefined;
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
