import { getEncoding } from "js-tiktoken";
import type { Call, WireForm } from "./forms.js";
import { type Spacing, toJsonText } from "./json-text.js";

const encoding = getEncoding("o200k_base");
const loneReference = /^\{\{[^{}]*\}\}$/;

/** Tokens of a text, as OpenAI's current models count them. */
export function countTokens(text: string): number {
  return encoding.encode(text).length;
}

/**
 * What each step of a plan costs besides the values of its arguments: how much the stream grows with it, separators
 * included. A value that is only a reference is counted, because its form is its cost.
 */
export function stepCosts(calls: readonly Call[], form: WireForm, spacing: Spacing = "tight"): number[] {
  const written = calls.map((call, index) => form.write(call, spacing, index + 1));
  const separator = spacing === "tight" ? "," : ", ";
  const lengthOf = (count: number) => countTokens(`{"steps":[${written.slice(0, count).join(separator)}]}`);
  return calls.map((call, index) => lengthOf(index + 1) - lengthOf(index) - valueTokens(call, spacing));
}

function valueTokens({ args }: Call, spacing: Spacing): number {
  const given = Object.values(args).filter(
    (value) => typeof value !== "string" || !loneReference.test(value),
  );
  const texts = given.map((value) => (typeof value === "string" ? value : toJsonText(value, spacing)));
  return texts.reduce((sum, text) => sum + countTokens(text), 0);
}
