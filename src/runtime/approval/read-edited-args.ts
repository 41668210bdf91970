import {
  hasHidden,
  type JsonValue,
  parseJson,
  quote,
  stableStringify,
  withoutHidden,
} from "../../base/index.js";
import { createArgsParser } from "../../plan/index.js";

type Args = Record<string, JsonValue>;

/** The intended arguments, or why they cannot be taken. */
type ReadEditedArgs =
  | { readonly ok: true; readonly args: Args }
  | { readonly ok: false; readonly message: string };

/**
 * Reads the arguments that came back from a form, which turns each into a text area. An untouched argument keeps its
 * value, although a text area changes line ends and returns text for a number or a list. A text that was written in
 * place of another kind of value, or that the tool's schema does not take, is read as JSON, if the schema takes that.
 * If an argument differs only in hidden characters and still has some, a client changed it and not a person, so it is
 * refused.
 */
export function readEditedArgs(edited: Args, shown: Args, schema: unknown): ReadEditedArgs {
  const before = new Map(Object.entries(shown));
  const parse = createArgsParser(schema);
  const objectionTo = (name: string, value: JsonValue) =>
    parse({ ...edited, [name]: value }).find(({ path }) => path[0] === name);
  const meant = Object.entries(edited).map(([name, value]): [string, JsonValue] => {
    const old = before.get(name);
    if (typeof value !== "string") {
      return [name, value];
    }
    if (old !== undefined && isUntouched(value, old)) {
      return [name, old];
    }
    const wasText = old === undefined || typeof old === "string";
    const read = wasText && objectionTo(name, value) === undefined ? undefined : parseJson(value);
    return [name, read !== undefined && objectionTo(name, read) === undefined ? read : value];
  });
  for (const [name, value] of meant) {
    const old = before.get(name);
    const objection = typeof value === "string" ? objectionTo(name, value) : undefined;
    if (objection !== undefined) {
      const form = objection.code === "invalid_type" ? ` ${ON_FORMS}` : "";
      const message = `The argument ${quote(name)} cannot be ${quote(String(value))}: ${objection.message}.${form}`;
      return { ok: false, message };
    }
    if (old === undefined || !isChangedUnseen(value, old)) {
      continue;
    }
    const message =
      `The argument ${quote(name)} differs from what was shown only in characters that cannot be seen. Approve the ` +
      "call as it was shown, or write this argument anew, without them.";
    return { ok: false, message };
  }
  return { ok: true, args: Object.fromEntries(meant) };
}

const ON_FORMS =
  'Write a number in digits, "true" or "false" as these words, and a list or an object as JSON: ["a","b"].';

function isUntouched(value: string, old: JsonValue): boolean {
  const text = typeof old === "string" ? old : JSON.stringify(old);
  return withPlainLineEnds(value) === withPlainLineEnds(text);
}

function withPlainLineEnds(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n");
}

function isChangedUnseen(value: JsonValue, old: JsonValue): boolean {
  const isSame = (one: JsonValue, other: JsonValue) => stableStringify(one) === stableStringify(other);
  return hasHidden(value) && !isSame(value, old) && isSame(withoutHidden(value), withoutHidden(old));
}
