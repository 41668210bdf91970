import type { JsonValue } from "./json.js";
import { quote, quoteAll } from "./quote.js";

/** Where a path led: to a value, or to where it stops and what is there instead. */
export type FollowedPath = { ok: true; value: JsonValue } | { ok: false; taken: string[]; reason: string };

const maxKeysShown = 10;
const indexPattern = /^(?:0|[1-9]\d*)$/;

/** Follows a path into a value. Only own properties and list items are ever reached. */
export function followPath(value: JsonValue, path: readonly string[]): FollowedPath {
  let current = value;
  for (const [depth, key] of path.entries()) {
    const next = ownChild(current, key);
    if (next === undefined)
      return { ok: false, taken: path.slice(0, depth), reason: whyMissing(current, key) };
    current = next;
  }
  return { ok: true, value: current };
}

function ownChild(value: JsonValue, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return indexPattern.test(key) ? value[Number(key)] : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function whyMissing(value: JsonValue, key: string): string {
  if (value === null) return `it is null and has no ${quote(key)}`;
  if (Array.isArray(value)) {
    const range = value.length === 0 ? "it is empty" : `it has the items 0 to ${value.length - 1}`;
    return `it is a list and has no ${quote(key)}: ${range}`;
  }
  if (typeof value !== "object") {
    return `it is ${typeof value === "string" ? "text" : `a ${typeof value}`} and has no ${quote(key)}`;
  }
  return `it has no ${quote(key)}: ${describeKeys(value)}`;
}

/** What is said of an object's keys: a plan may have thousands of wrong ways into one object of thousands of keys. */
const describedKeys = new WeakMap<object, string>();

function describeKeys(value: object): string {
  const before = describedKeys.get(value);
  if (before !== undefined) return before;
  const keys = Object.keys(value);
  const described = keys.length === 0 ? "it is empty" : `it has ${quoteAll(keys, maxKeysShown)}`;
  describedKeys.set(value, described);
  return described;
}
