import { type JsonValue, quote, quoteAll } from "../base/index.js";
import { readWholeJson } from "./json-in-text.js";
import { loneExpression } from "./references.js";

/** The items that a for-each step goes through, or what was found in place of a list and what would do. */
type ReadItems =
  | { readonly ok: true; readonly items: readonly JsonValue[] }
  | { readonly ok: false; readonly reason: string };

const ITEM_PATTERN = /^(?:[-*+•]|\d{1,4}[.)])\s+(\S.*)$/;

/**
 * Finds the list in an output: the output itself, the one list in an object, JSON in a text (fenced too), or the lines
 * of a text that are all items. The reference is for the reason.
 */
export function readItems(value: JsonValue, reference: string): ReadItems {
  if (Array.isArray(value)) {
    return { ok: true, items: value };
  }
  if (typeof value === "string") {
    const json = readWholeJson(value);
    const items = json === undefined ? readLines(value) : undefined;
    const reason = `text: ${quote(value)}. A list is JSON, such as ["a","b"], or has "- " before each item`;
    return json !== undefined
      ? readItems(json, reference)
      : items === undefined
        ? { ok: false, reason }
        : { ok: true, items };
  }
  if (typeof value !== "object" || value === null) {
    return { ok: false, reason: value === null ? "null" : `the ${typeof value} ${value}` };
  }
  const lists = Object.entries(value).flatMap(([key, one]) => (Array.isArray(one) ? [{ key, one }] : []));
  const [list, ...others] = lists;
  if (list !== undefined && others.length === 0) {
    return { ok: true, items: list.one };
  }
  const keys = quoteAll(lists.map(({ key }) => key));
  const reason =
    list === undefined
      ? `an object without a list: it has ${quoteAll(Object.keys(value)) || "nothing"}`
      : `an object with the lists ${keys}: name one, such as {{${loneExpression(reference) ?? reference}.${list.key}}}`;
  return { ok: false, reason };
}

/** Reads lines that all begin as items do. A line above them may introduce them: "The cities are:". */
function readLines(text: string): string[] | undefined {
  const lines = text.split("\n").map((line) => line.trim());
  const filled = lines.filter((line) => line !== "");
  const hasHead = filled.length > 1 && filled[0]?.endsWith(":") === true && !ITEM_PATTERN.test(filled[0]);
  const items = filled.slice(hasHead ? 1 : 0).map((line) => ITEM_PATTERN.exec(line)?.[1]);
  const found = items.filter((item) => item !== undefined);
  return found.length > 0 && found.length === items.length ? found : undefined;
}
