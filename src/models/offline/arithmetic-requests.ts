import type { Arithmetic } from "./arithmetic-phrases.js";
import { takeVerb } from "./arithmetic-verbs.js";
import { takeExpression } from "./arithmetic-words.js";
import { lastMany, takeManyReferences } from "./link-parts.js";
import { allOf, skipAsks, toStep } from "./to-step.js";
import { call, combine, literal, overList, type Value } from "./values.js";
import { LEADS, phrases, TAILS } from "./words.js";

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
      if (values === undefined) {
        return undefined;
      }
      cursor.skip([...TAILS, ","]);
      if (!cursor.done) {
        return undefined;
      }
      const label = cursor.rawBetween(from, cursor.tokens.length);
      return allOf(values.map((value) => toStep(draft, value, values.length === 1 ? label : value.text)));
    }),
  );
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
    if (many === undefined && value === undefined) {
      return undefined;
    }
    if (value !== undefined && /^[\d.]+$/.test(value.text) && !asked) {
      return undefined;
    }
    const made = many ?? allOf([value && toStep(draft, value, cursor.rawBetween(from, cursor.at))]);
    if (made === undefined) {
      return undefined;
    }
    values.push(...made);
    for (const one of made) {
      draft.addResult(one, "");
    }
    cursor.skip(TAILS);
    if (cursor.done) {
      break;
    }
    if (cursor.take(", and", ",", "and", "&", "as well as", "along with") === undefined) {
      return undefined;
    }
  }
  draft.results = draft.results.slice(0, before);
  return values;
}

/** "which is larger?", "tell me the bigger one", "compare them". */
function takeComparison(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  const asks = skipAsks(arithmetic);
  const which = cursor.take(...WHICH_IS);
  if (which === undefined && !asks) {
    return undefined;
  }
  cursor.take("the");
  const word = cursor.take(...COMPARATIVES);
  if (word === undefined || (which === undefined && !["", ",", ":"].includes(cursor.word()))) {
    return undefined;
  }
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
    if (first === undefined || cursor.take("or", "and", ", or") === undefined) {
      return undefined;
    }
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
  ) {
    return undefined;
  }
  return share(part, takeExpression(arithmetic));
}
