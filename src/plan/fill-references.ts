import { isRecord, type JsonValue, quote, quoteAll } from "../base/index.js";
import { readWholeJson } from "./json-in-text.js";
import { fieldValue, ITEM_VARIABLES, loneExpression, parseTemplate, splitReference } from "./references.js";

/** The values that references stand for, by step id. Inside a step with forEach, also `item` and `index`. */
export type ReferenceValues = ReadonlyMap<string, JsonValue>;

/** A value with all references filled in, or one issue for each reference that cannot be. */
type Filled<Value> = { ok: true; value: Value } | { ok: false; issues: string[] };

/**
 * Replaces the references in all strings of a value. A string that is a single reference becomes the value, with its
 * type. Inside longer text a value becomes text: a string as it is, null as nothing, all else as compact JSON.
 */
export function fillReferences(value: JsonValue, values: ReferenceValues): Filled<JsonValue> {
  const filling = new Filling();
  return filling.of(fillValue(value, values, filling));
}

/** Returns the value of a step's `forEach`: what its reference stands for, or the JSON that it is. */
export function fillField(text: string, values: ReferenceValues): Filled<JsonValue> {
  return fillReferences(fieldValue(text), values);
}

/** Does the same as `fillReferences` for a step's arguments. */
export function fillArgs(
  args: Readonly<Record<string, JsonValue>>,
  values: ReferenceValues,
): Filled<Record<string, JsonValue>> {
  const filling = new Filling();
  return filling.of(fillEntries(args, values, filling));
}

function fillValue(value: JsonValue, values: ReferenceValues, filling: Filling): JsonValue {
  if (typeof value === "string") {
    return fillText(value, values, filling);
  }
  if (Array.isArray(value)) {
    return value.map((item) => fillValue(item, values, filling));
  }
  if (typeof value === "object" && value !== null) {
    return fillEntries(value, values, filling);
  }
  return value;
}

function fillEntries(
  entries: Readonly<Record<string, JsonValue>>,
  values: ReferenceValues,
  filling: Filling,
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, entry]) => [key, fillValue(entry, values, filling)]),
  );
}

function fillText(text: string, values: ReferenceValues, filling: Filling): JsonValue {
  const lone = loneExpression(text);
  if (lone !== undefined) {
    return referredValue(lone, values, filling);
  }
  const parts = parseTemplate(text).map((part) =>
    part.kind === "text" ? part.text : toText(singleValue(referredValue(part.expression, values, filling))),
  );
  return parts.join("");
}

function referredValue(expression: string, values: ReferenceValues, filling: Filling): JsonValue {
  const target = splitReference(expression, values);
  const start = target === undefined ? undefined : values.get(target.id);
  if (target === undefined || start === undefined) {
    filling.issues.add(`${quote(`{{${expression}}}`)} names nothing that has a value here.`);
    return null;
  }
  const followed = followOutput(start, target.path);
  if (followed.ok) {
    return filling.take(followed.value);
  }
  const stop = [target.id, ...followed.taken].join(".");
  filling.issues.add(`${quote(`{{${expression}}}`)} stops at ${quote(`{{${stop}}}`)}: ${followed.reason}.`);
  return null;
}

function toText(value: JsonValue): string {
  if (value === null) {
    return "";
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The most characters that references may add to one value. It stops a plan that names a large output many times. */
const MAX_FILLED_CHARACTERS = 2_000_000;

/** Collects the issues of one filling, and tracks how many more characters it may add. */
class Filling {
  readonly issues = new Set<string>();
  readonly #sizes = new Map<JsonValue, number>();
  #left = MAX_FILLED_CHARACTERS;

  /** Returns the value if there is room for it. Otherwise returns null and records an issue. */
  take(value: JsonValue): JsonValue {
    if (this.#left < 0) {
      return null;
    }
    const size = this.#sizes.get(value) ?? (typeof value === "string" ? value : JSON.stringify(value)).length;
    this.#sizes.set(value, size);
    this.#left -= size;
    if (this.#left >= 0) {
      return value;
    }
    this.issues.add(
      `What its references stand for has more than ${MAX_FILLED_CHARACTERS} characters in all. Refer to less, or to parts of it.`,
    );
    return null;
  }

  of<Value>(value: Value): Filled<Value> {
    return this.issues.size === 0 ? { ok: true, value } : { ok: false, issues: [...this.issues] };
  }
}

/** Where a path led: to a value, or to the place where it stops, with the reason. */
type FollowedPath = { ok: true; value: JsonValue } | { ok: false; taken: string[]; reason: string };

const MAX_KEYS_SHOWN = 10;

const INDEX_PATTERN = /^(?:0|[1-9]\d*)$/;

/**
 * Follows a path into an output. Models also write `1.output.x` where the output has no field of that name, and an agent
 * may have put its JSON into a text.
 */
export function followOutput(output: JsonValue, path: readonly string[]): FollowedPath {
  const start = typeof output === "string" && path.length > 0 ? (readWholeJson(output) ?? output) : output;
  const followed = followPath(start, path);
  const [first = "", ...others] = path;
  if (followed.ok || followed.taken.length > 0) {
    return followed;
  }
  if (first === "output") {
    return followPath(start, others);
  }
  const only = onlyItem(start);
  return only !== undefined && ownChild(only, first) !== undefined ? followPath(only, path) : followed;
}

/** The one items of objects, kept for the same reason as `DESCRIBED_KEYS`. */
const ONLY_ITEMS = new WeakMap<object, { readonly item: JsonValue | undefined }>();

/** The one item of the one list in an object: models name its fields as if they were the object's. */
function onlyItem(value: JsonValue): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return undefined;
  }
  const before = ONLY_ITEMS.get(value);
  if (before !== undefined) {
    return before.item;
  }
  const lists = Object.values(value).filter((one) => Array.isArray(one));
  const [list = []] = lists;
  const item = lists.length === 1 && list.length === 1 ? list[0] : undefined;
  ONLY_ITEMS.set(value, { item });
  return item;
}

/** The one value of a table's answer, where a single value is wanted; anything else stays what it is. */
export function singleValue(output: JsonValue): JsonValue {
  if (!isRecord(output) || !Array.isArray(output.rows) || output.rows.length !== 1) {
    return output;
  }
  const { value } = output;
  return typeof value === "number" || typeof value === "string" ? value : output;
}

/** Follows a path into a value. It reaches own properties, list items, and the length of a list or a text. */
export function followPath(value: JsonValue, path: readonly string[]): FollowedPath {
  let current = value;
  for (const [depth, key] of path.entries()) {
    const next = ownChild(current, key);
    if (next === undefined) {
      return { ok: false, taken: path.slice(0, depth), reason: whyMissing(current, key) };
    }
    current = next;
  }
  return { ok: true, value: current };
}

function ownChild(value: JsonValue, key: string): JsonValue | undefined {
  if (key === "length" && (Array.isArray(value) || typeof value === "string")) {
    return value.length;
  }
  if (Array.isArray(value)) {
    return INDEX_PATTERN.test(key) ? value[Number(key)] : undefined;
  }
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function whyMissing(value: JsonValue, key: string): string {
  if (value === null) {
    return `it is null and has no ${quote(key)}`;
  }
  if (Array.isArray(value)) {
    const range = value.length === 0 ? "it is empty" : `it has the items 0 to ${value.length - 1}`;
    return `it is a list and has no ${quote(key)}: ${range}`;
  }
  if (typeof value !== "object") {
    return `it is ${typeof value === "string" ? "text" : `a ${typeof value}`} and has no ${quote(key)}`;
  }
  return `it has no ${quote(key)}: ${describeKeys(value)}`;
}

/**
 * Descriptions of objects' keys, kept because a plan may have thousands of wrong references into one object with
 * thousands of keys.
 */
const DESCRIBED_KEYS = new WeakMap<object, string>();

function describeKeys(value: object): string {
  const before = DESCRIBED_KEYS.get(value);
  if (before !== undefined) {
    return before;
  }
  const keys = Object.keys(value);
  const described = keys.length === 0 ? "it is empty" : `it has ${quoteAll(keys, MAX_KEYS_SHOWN)}`;
  DESCRIBED_KEYS.set(value, described);
  return described;
}

/**
 * Replaces each reference in a step's words by a pointer: "(output of step 1, rows.0.name)", "(the item)". The prompt
 * shows the value elsewhere, as data. Only `{{index}}` is filled in, because it is a number that we made ourselves.
 */
export function pointReferences(text: string, values: ReferenceValues): string {
  return parseTemplate(text)
    .map((part) => (part.kind === "text" ? part.text : toPointer(part.expression, values)))
    .join("");
}

function toPointer(expression: string, values: ReferenceValues): string {
  const id = splitReference(expression, values)?.id;
  if (id === undefined) {
    return `{{${expression}}}`;
  }
  const value = values.get(id);
  if (id === "index" && typeof value === "number") {
    return String(value);
  }
  const path = expression.slice(id.length).replace(/^\./, "");
  const whole = ITEM_VARIABLES.has(id) ? `the ${id}` : `output of step ${id}`;
  return path === "" ? `(${whole})` : `(${whole}, ${path})`;
}
