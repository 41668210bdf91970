import { hasHidden, type JsonValue, quote, stableStringify, withoutHidden } from "../../base/index.js";

type Args = Record<string, JsonValue>;

/** The intended arguments, or why they cannot be taken. */
type ReadEditedArgs =
  | { readonly ok: true; readonly args: Args }
  | { readonly ok: false; readonly message: string };

/**
 * Reads the arguments that came back from a form, which turns each into a text area. An untouched argument keeps its
 * value, although a text area changes line ends and returns text for a number or a list. If an argument differs only in
 * hidden characters and still has some, a client changed it and not a person, so it is refused.
 */
export function readEditedArgs(edited: Args, shown: Args): ReadEditedArgs {
  const before = new Map(Object.entries(shown));
  const meant = Object.entries(edited).map(([name, value]): [string, JsonValue] => {
    const old = before.get(name);
    return [name, old !== undefined && isUntouched(value, old) ? old : value];
  });
  for (const [name, value] of meant) {
    const old = before.get(name);
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

function isUntouched(value: JsonValue, old: JsonValue): boolean {
  if (typeof value !== "string") {
    return false;
  }
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
