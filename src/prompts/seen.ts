import { cutText, isRecord, type JsonValue } from "../base/index.js";
import { toSection } from "../models/index.js";
import type { Seen } from "./catalogue-entry.js";

/** What is shown of one thing that the goal names. */
const MAX_BYTES = 600;
/** Enough texts of a column to show how they are written. */
const MAX_TEXTS = 4;
const MAX_TEXT = 32;

/** Shows a small model what the goal names, so that it need not guess fields and how texts are written. */
export function toSeen(seen: readonly Seen[]): string[] {
  if (seen.length === 0) {
    return [];
  }
  const lines = seen.map(
    ({ name, tool, output }) => `${tool} on ${name} gives: ${cutText(sketch([output]), MAX_BYTES)}`,
  );
  return [toSection("seen", lines.join("\n"))];
}

/** Sketches values of one kind as one: the fields of objects, lists by their items, and some of the texts. */
function sketch(values: readonly JsonValue[]): string {
  const lists = values.filter((value) => Array.isArray(value));
  if (lists.length > 0) {
    return `[${sketch(lists.flat())}]`;
  }
  const objects = values.filter(isObject);
  if (objects.length > 0) {
    const keys = new Set(objects.flatMap((one) => Object.keys(one)));
    const fields = [...keys].map((key) => {
      const inner = sketch(objects.map((one) => one[key] ?? null));
      return inner === "" ? key : `${key}: ${inner}`;
    });
    return `{${fields.join(", ")}}`;
  }
  const texts = [...new Set(values.filter((value) => typeof value === "string"))];
  const shown = texts.slice(0, MAX_TEXTS).map((text) => JSON.stringify(shorten(text)));
  return [...shown, ...(texts.length > MAX_TEXTS ? ["…"] : [])].join("|");
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}

function isObject(value: JsonValue): value is Record<string, JsonValue> {
  return isRecord(value);
}
