/**
 * Turns anything that a tool can return into plain JSON of bounded size.
 *
 * 1. It never throws. If a getter, a `toJSON` or a proxy throws, a text that says so takes its place.
 * 2. `JSON.stringify(value)` takes at most `maxBytes` bytes of UTF-8. The walk stops once they are used up,
 *    so a value with a hundred million elements, or one that unfolds to 2^100, costs no more than that.
 * 3. The value says what was left out: a text ends in "… [cut: N of M bytes kept]", a list has that as its
 *    last element, an object under the key "…". The first elements stay structured instead of all becoming
 *    text, because steps refer to paths inside outputs.
 * 4. Only own enumerable string keys count. `__proto__` is left out to protect whoever merges the value later.
 */
import { cutTail, type JsonValue } from "../base/index.js";
import { binaryToJson } from "./binary-to-json.js";

interface JsonLimits {
  /** Byte limit for the value as JSON text in UTF-8. Anything below 256 counts as 256. */
  readonly maxBytes: number;
}

/** A value as plain JSON, and whether anything was left out. */
export interface JsonResult {
  readonly value: JsonValue;
  readonly truncated: boolean;
}

const MAX_DEPTH = 100;
const MIN_BYTES = 256;
/** Bytes that each container reserves for its cut mark: `"…":"… [cut: N of M entries kept]",`. */
const MARKER_BYTES = 72;
/** Bytes that are always enough for a value, if need be as `"[cut]"`. */
const LEAST_BYTES = 8;
const LONGEST_BIGINT = 2n ** 4096n;

const CUT = "[cut]";

interface Walk {
  /** Bytes left to write. */
  remaining: number;
  truncated: boolean;
  readonly ancestors: Set<object>;
}

/** Turns any value into plain JSON within the limit. The head of this file says how. */
export function toJson(value: unknown, limits: JsonLimits): JsonResult {
  const maxBytes = Number.isNaN(limits.maxBytes) ? MIN_BYTES : Math.max(MIN_BYTES, limits.maxBytes);
  const walk: Walk = { remaining: maxBytes, truncated: false, ancestors: new Set() };
  return { value: convert(value, walk) ?? null, truncated: walk.truncated };
}

function convert(value: unknown, walk: Walk): JsonValue | undefined {
  switch (typeof value) {
    case "string":
      return convertText(value, walk);
    case "number":
      return Number.isFinite(value) ? spend(value === 0 ? 0 : value, walk) : convertText(String(value), walk);
    case "boolean":
      return spend(value, walk);
    case "bigint":
      return convertText(bigintText(value), walk);
    case "object":
      return value === null ? spend(null, walk) : convertObject(value, walk);
    default:
      return undefined;
  }
}

function spend<Value extends JsonValue>(value: Value, walk: Walk): Value | typeof CUT {
  const bytes = String(value).length;
  if (bytes > walk.remaining) {
    walk.truncated = true;
    walk.remaining -= CUT.length + 2;
    return CUT;
  }
  walk.remaining -= bytes;
  return value;
}

function bigintText(value: bigint): string {
  const isLong = value > LONGEST_BIGINT || value < -LONGEST_BIGINT;
  return isLong ? "[a whole number of more than 1,233 digits]" : value.toString();
}

function convertText(text: string, walk: Walk): string {
  const whole = jsonHead(text, walk.remaining - 2);
  if (whole.end === text.length) {
    walk.remaining -= whole.bytes + 2;
    return text;
  }
  walk.truncated = true;
  const totalBytes = Buffer.byteLength(text, "utf8");
  const room = walk.remaining - 2 - Buffer.byteLength(cutTail(totalBytes, totalBytes), "utf8");
  if (room < 0) {
    walk.remaining -= CUT.length + 2;
    return CUT;
  }
  const head = text.slice(0, jsonHead(text, room).end);
  const cut = head + cutTail(Buffer.byteLength(head, "utf8"), totalBytes);
  walk.remaining -= Buffer.byteLength(JSON.stringify(cut), "utf8");
  return cut;
}

function convertObject(value: object, walk: Walk): JsonValue | undefined {
  if (walk.ancestors.has(value)) {
    return convertText("[circular]", walk);
  }
  if (walk.ancestors.size >= MAX_DEPTH) {
    walk.truncated = true;
    return convertText("[nested too deeply]", walk);
  }
  const before = walk.remaining;
  walk.ancestors.add(value);
  try {
    return unfold(value, walk);
  } catch (error) {
    walk.remaining = before;
    return convertText(`[unreadable: ${describeThrown(error)}]`, walk);
  } finally {
    walk.ancestors.delete(value);
  }
}

function unfold(value: object, walk: Walk): JsonValue | undefined {
  const binary = binaryToJson(value, Math.max(0, walk.remaining - 2 * MARKER_BYTES));
  if (binary !== undefined) {
    walk.truncated ||= binary.truncated;
    return convertEntries(Object.entries(binary.value), walk, 4);
  }
  if (value instanceof Date) {
    return convert(Number.isNaN(value.getTime()) ? null : value.toISOString(), walk);
  }
  if (value instanceof Error) {
    return convertEntries(
      Object.entries({ name: String(value.name), message: String(value.message) }),
      walk,
      2,
    );
  }
  if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    return convert(value.valueOf(), walk);
  }
  if (value instanceof RegExp) {
    return convertText(String(value), walk);
  }
  if (hasToJson(value)) {
    const json: unknown = value.toJSON();
    return typeof json === "object" && json !== null && json !== value
      ? convertPlain(json, walk)
      : convert(json === value ? "[circular]" : json, walk);
  }
  return convertPlain(value, walk);
}

function convertPlain(value: object, walk: Walk): JsonValue {
  if (Array.isArray(value)) {
    return convertList(value, value.length, walk);
  }
  if (value instanceof Set) {
    return convertList(value, value.size, walk);
  }
  if (value instanceof Map) {
    const text = (key: unknown) => (typeof key === "object" ? (JSON.stringify(key) ?? "") : String(key));
    return convertEntries(
      mapIterable(value, ([key, item]) => [text(key), item]),
      walk,
      value.size,
    );
  }
  const keys = Object.keys(value);
  const read = (key: string): [string, unknown] => [key, readProperty(value, key)];
  return convertEntries(mapIterable(keys, read), walk, keys.length);
}

function readProperty(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch (error) {
    return `[unreadable: ${describeThrown(error)}]`;
  }
}

function* mapIterable<From, To>(source: Iterable<From>, change: (from: From) => To): Generator<To> {
  for (const item of source) {
    yield change(item);
  }
}

function convertList(items: Iterable<unknown>, total: number, walk: Walk): JsonValue {
  if (walk.remaining < MARKER_BYTES + LEAST_BYTES) {
    return cutContainer(walk);
  }
  walk.remaining -= MARKER_BYTES + 2;
  const list: JsonValue[] = [];
  for (const item of items) {
    if (walk.remaining < LEAST_BYTES + 1) {
      walk.truncated = true;
      list.push(`… [cut: ${list.length} of ${total} items kept]`);
      return list;
    }
    walk.remaining -= 1;
    list.push(convert(item, walk) ?? spend(null, walk));
  }
  walk.remaining += MARKER_BYTES;
  return list;
}

function convertEntries(
  entries: Iterable<readonly [string, unknown]>,
  walk: Walk,
  total: number,
): { [key: string]: JsonValue } | string {
  if (walk.remaining < MARKER_BYTES + LEAST_BYTES) {
    return cutContainer(walk);
  }
  walk.remaining -= MARKER_BYTES + 2;
  const kept: [string, JsonValue][] = [];
  for (const [key, item] of entries) {
    if (key === "__proto__" || isLeftOut(item)) {
      continue;
    }
    const keyHead = jsonHead(key, walk.remaining);
    const cost = keyHead.bytes + 4;
    if (keyHead.end < key.length || walk.remaining < cost + LEAST_BYTES) {
      walk.truncated = true;
      kept.push(["…", `… [cut: ${kept.length} of ${total} entries kept]`]);
      return Object.fromEntries(kept);
    }
    walk.remaining -= cost;
    const converted = convert(item, walk);
    if (converted === undefined) {
      walk.remaining += cost;
    } else {
      kept.push([key, converted]);
    }
  }
  walk.remaining += MARKER_BYTES;
  return Object.fromEntries(kept);
}

function isLeftOut(item: unknown): boolean {
  return item === undefined || typeof item === "function" || typeof item === "symbol";
}

function cutContainer(walk: Walk): string {
  walk.truncated = true;
  walk.remaining -= CUT.length + 2;
  return CUT;
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

function describeThrown(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return "it throws";
  }
}

/**
 * Finds how much of a text fits into `maxBytes` bytes of UTF-8 as JSON, without its quotes. `end` is the
 * index after the last character that fits, never inside a character; `bytes` counts up to there.
 */
function jsonHead(text: string, maxBytes: number): { end: number; bytes: number } {
  let bytes = 0;
  let index = 0;
  while (index < text.length) {
    const codePoint = text.codePointAt(index) ?? 0;
    const next = bytes + jsonBytes(codePoint);
    if (next > maxBytes) {
      break;
    }
    bytes = next;
    index += codePoint > 0xffff ? 2 : 1;
  }
  return { end: index, bytes };
}

function jsonBytes(codePoint: number): number {
  if (codePoint < 0x20) {
    return [8, 9, 10, 12, 13].includes(codePoint) ? 2 : 6;
  }
  if (codePoint === 0x22 || codePoint === 0x5c) {
    return 2;
  }
  if (codePoint < 0x80) {
    return 1;
  }
  if (codePoint < 0x800) {
    return 2;
  }
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) {
    return 6;
  }
  return codePoint < 0x10000 ? 3 : 4;
}
