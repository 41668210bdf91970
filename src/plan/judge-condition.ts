import { cutText, isEmpty, isRecord, type JsonValue, quote } from "../base/index.js";
import { type Condition, readCondition, writeOperand } from "./condition.js";
import { fillReferences, type ReferenceValues, singleValue } from "./fill-references.js";
import type { StepError, StepErrorCode } from "./step-result.js";

/** Whether a condition is met, or why nobody can say. */
type Judgement =
  | { readonly ok: true; readonly isMet: boolean }
  | { readonly ok: false; readonly error: StepError };

/** Judges a step's `if`. What need not be known (the right side of an `&&` whose left side is false) is not looked at. */
export function judgeCondition(text: string, values: ReferenceValues): Judgement {
  const read = readCondition(text);
  if (!read.ok) {
    return undecided("UNEXPECTED_OUTPUT", `The condition ${quote(text)} cannot be read: ${read.reason}.`);
  }
  try {
    return { ok: true, isMet: isMet(read.condition, values) };
  } catch (error) {
    if (error instanceof UndecidedError) {
      return undecided(error.code, `The condition ${quote(text)} cannot be judged: ${error.message}`);
    }
    throw error;
  }
}

/** Says why a text cannot be a step's `if`, whatever its references stand for; undefined if it can. */
export function whyNoCondition(text: string): string | undefined {
  const judged = judgeCondition(text, new Map());
  return judged.ok || judged.error.code === "REFERENCE_FAILED" ? undefined : judged.error.message;
}

function undecided(code: StepErrorCode, message: string): Judgement {
  return { ok: false, error: { code, message } };
}

class UndecidedError extends Error {
  constructor(
    readonly code: StepErrorCode,
    message: string,
  ) {
    super(message);
  }
}

function isMet(condition: Condition, values: ReferenceValues): boolean {
  switch (condition.kind) {
    case "not":
      return !isMet(condition.of, values);
    case "all":
      return condition.of.every((part) => isMet(part, values));
    case "any":
      return condition.of.some((part) => isMet(part, values));
    case "comparison": {
      const { sign, left, right } = condition;
      const one = singleValue(operandValue(left, values));
      const other = singleValue(operandValue(right, values));
      const holds = compare(sign, one, other);
      if (holds === undefined) {
        const needed = sign === "==" || sign === "!=" ? EQUAL : ORDERED;
        const message = `${describe(left, one)} and ${describe(right, other)} cannot be compared by ${sign}. ${needed}`;
        throw new UndecidedError("UNEXPECTED_OUTPUT", message);
      }
      return holds;
    }
    case "value": {
      const value = operandValue(condition, values);
      const truth = truthOf(value);
      if (truth === undefined) {
        const message = `${describe(condition, value)} is neither true nor false. ${TRUE_OR_FALSE}`;
        throw new UndecidedError("UNEXPECTED_OUTPUT", message);
      }
      return truth;
    }
  }
}

const TRUE_OR_FALSE =
  "True or false, yes or no, a number, a list or an object would do, or a comparison such as {{1}} == 'open'.";
const EQUAL = "Two texts, two numbers, two of true and false, or null would do.";
const ORDERED = "Two numbers would do, or two dates such as 2031-05-17.";

const MAX_SHOWN_BYTES = 80;

/** Says where a value comes from and what it is. */
function describe(condition: Condition, value: JsonValue): string {
  const shown = typeof value === "string" ? quote(value) : cutText(JSON.stringify(value), MAX_SHOWN_BYTES);
  if (condition.kind !== "value" || condition.value === value) {
    return shown;
  }
  return `${writeOperand(condition.value)}, which is ${shown},`;
}

function operandValue(condition: Condition, values: ReferenceValues): JsonValue {
  if (condition.kind !== "value") {
    return isMet(condition, values);
  }
  const filled = fillReferences(condition.value, values);
  if (!filled.ok) {
    throw new UndecidedError("REFERENCE_FAILED", filled.issues.join("; "));
  }
  return filled.value;
}

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["false", false],
  ["no", false],
]);

/** Whether a value counts as true; undefined if it is prose, which says neither. */
export function truthOf(value: JsonValue): boolean | undefined {
  const number = numberOf(value);
  if (number !== undefined) {
    return number !== 0;
  }
  if (value === false || isEmpty(value)) {
    return false;
  }
  if (typeof value === "string") {
    return wordOf(value);
  }
  return !isRecord(value) || value.count !== 0;
}

/** Compares two values; undefined if they are of kinds that have nothing to do with each other. */
function compare(sign: string, left: JsonValue, right: JsonValue): boolean | undefined {
  if (sign === "==" || sign === "!=") {
    const isSame = areEqual(left, right);
    return isSame === undefined ? undefined : isSame === (sign === "==");
  }
  const order = orderOf(left, right);
  if (order === undefined) {
    return undefined;
  }
  return (order === 0 && sign.endsWith("=")) || (sign.startsWith("<") ? order < 0 : order > 0);
}

function areEqual(left: JsonValue, right: JsonValue): boolean | undefined {
  if (left === null || right === null) {
    return left === right;
  }
  const [one, other] = [wordOf(left), wordOf(right)];
  if (one !== undefined && other !== undefined) {
    return one === other;
  }
  const order = orderOf(left, right);
  if (order !== undefined) {
    return order === 0;
  }
  return typeof left === "string" && typeof right === "string" ? toKey(left) === toKey(right) : undefined;
}

const DATE_PATTERN = /^\d{4}-\d{2}-\d{2}$/;

/** Below 0 if `left` is less, above if it is more; undefined unless both are numbers, or both are dates. */
function orderOf(left: JsonValue, right: JsonValue): number | undefined {
  const [one, other] = [numberOf(left), numberOf(right)];
  if (one !== undefined && other !== undefined) {
    return one - other;
  }
  const dates = [left, right].filter((value) => typeof value === "string").map(toKey);
  const [first = "", second = ""] = dates.filter((date) => DATE_PATTERN.test(date));
  return second === "" ? undefined : first.localeCompare(second);
}

/** With more digits two different numbers, ids say, would count as the same. */
const NUMBER_PATTERN = /^[+-]?\d{1,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,2})?$/;

function numberOf(value: JsonValue): number | undefined {
  if (typeof value === "string") {
    const key = toKey(value);
    return NUMBER_PATTERN.test(key) ? Number(key) : undefined;
  }
  return typeof value === "number" ? value : undefined;
}

function wordOf(value: JsonValue): boolean | undefined {
  return typeof value === "string" ? WORDS.get(toKey(value)) : typeof value === "boolean" ? value : undefined;
}

/** What texts are compared by. Models differ in case, blanks and a full stop, and mean the same. */
function toKey(text: string): string {
  const trimmed = text.trim();
  return (trimmed.endsWith(".") ? trimmed.slice(0, -1).trimEnd() : trimmed).toLowerCase();
}
