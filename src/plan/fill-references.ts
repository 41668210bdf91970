import { followPath } from "./follow-path.js";
import type { JsonValue } from "./json.js";
import { quote } from "./quote.js";
import { loneExpression, parseTemplate, splitReference } from "./template.js";

/** A value with every reference filled in, or every reference that could not be. */
export type Filled<Value> = { ok: true; value: Value } | { ok: false; issues: string[] };

/** The values that references stand for, by step id; `item` and `index` inside a step with forEach. */
export type ReferenceValues = ReadonlyMap<string, JsonValue>;

/**
 * Puts the values in place of the references in all strings of a value. A string that is one reference
 * becomes the value with its type; inside longer text a value becomes text: a string as it is, null as
 * nothing, all else as compact JSON.
 */
export function fillReferences(value: JsonValue, values: ReferenceValues): Filled<JsonValue> {
  const issues = new Set<string>();
  const filled = fillValue(value, values, issues);
  return issues.size === 0 ? { ok: true, value: filled } : { ok: false, issues: [...issues] };
}

/** Fills the references in a step's arguments: see `fillReferences`. */
export function fillArgs(
  args: Readonly<Record<string, JsonValue>>,
  values: ReferenceValues,
): Filled<Record<string, JsonValue>> {
  const issues = new Set<string>();
  const filled = fillEntries(args, values, issues);
  return issues.size === 0 ? { ok: true, value: filled } : { ok: false, issues: [...issues] };
}

function fillValue(value: JsonValue, values: ReferenceValues, issues: Set<string>): JsonValue {
  if (typeof value === "string") return fillText(value, values, issues);
  if (Array.isArray(value)) return value.map((item) => fillValue(item, values, issues));
  if (typeof value === "object" && value !== null) return fillEntries(value, values, issues);
  return value;
}

function fillEntries(
  entries: Readonly<Record<string, JsonValue>>,
  values: ReferenceValues,
  issues: Set<string>,
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, entry]) => [key, fillValue(entry, values, issues)]),
  );
}

function fillText(text: string, values: ReferenceValues, issues: Set<string>): JsonValue {
  const lone = loneExpression(text);
  if (lone !== undefined) return referredValue(lone, values, issues);
  const parts = parseTemplate(text).map((part) =>
    part.kind === "text" ? part.text : toText(referredValue(part.expression, values, issues)),
  );
  return parts.join("");
}

function referredValue(expression: string, values: ReferenceValues, issues: Set<string>): JsonValue {
  const target = splitReference(expression, values);
  const start = target === undefined ? undefined : values.get(target.id);
  if (target === undefined || start === undefined) {
    issues.add(`${quote(`{{${expression}}}`)} names nothing that has a value here.`);
    return null;
  }
  const followed = followPath(start, target.path);
  if (followed.ok) return followed.value;
  const stop = [target.id, ...followed.taken].join(".");
  issues.add(`${quote(`{{${expression}}}`)} stops at ${quote(`{{${stop}}}`)}: ${followed.reason}.`);
  return null;
}

function toText(value: JsonValue): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
