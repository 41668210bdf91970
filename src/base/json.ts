/** A value that JSON can hold. The state, the plan and the events carry no other kind of data. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** A plain copy of a foreign value, or the reason why it could not be copied. */
type JsonCopy = { ok: true; value: JsonValue } | { ok: false; reason: string };

const MAX_DEPTH = 100;
const MAX_VALUES = 1_000_000;

class UnreadableError extends Error {}

/**
 * Copies a foreign value into plain JSON, so that later code meets no getters, no cycles and no endless nesting. Drops
 * whatever JSON drops, but does not call `toJSON`.
 */
export function copyJson(value: unknown): JsonCopy {
  let count = 0;

  function copy(part: unknown, depth: number): JsonValue {
    count += 1;
    if (count > MAX_VALUES) {
      throw new UnreadableError(`it holds more than ${MAX_VALUES} values`);
    }
    if (depth > MAX_DEPTH) {
      throw new UnreadableError(`it is nested deeper than ${MAX_DEPTH} levels`);
    }
    if (typeof part === "string" || typeof part === "boolean") {
      return part;
    }
    if (typeof part === "number") {
      return Number.isFinite(part) ? part : null;
    }
    if (typeof part === "bigint") {
      throw new UnreadableError("it holds a bigint, which JSON cannot");
    }
    if (typeof part !== "object" || part === null) {
      return null;
    }
    if (Array.isArray(part)) {
      return Array.from(part, (item) => copy(item, depth + 1));
    }
    const entries = Object.entries(part).filter(([, entry]) => isJsonKind(entry));
    return Object.fromEntries(entries.map(([key, entry]) => [key, copy(entry, depth + 1)]));
  }

  try {
    return { ok: true, value: copy(value, 0) };
  } catch (error) {
    // A getter or a proxy may throw anything. Whatever it throws, the value cannot be read.
    return { ok: false, reason: error instanceof UnreadableError ? error.message : "reading it failed" };
  }
}

/** Whether a value is an object with named fields, and not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Finds what a reference such as `#/$defs/name` points to in a JSON document; undefined if nothing is there. */
export function findDefinition(reference: unknown, root: unknown): unknown {
  if (typeof reference !== "string" || (reference !== "#" && !reference.startsWith("#/"))) {
    return undefined;
  }
  const names = reference.split("/").slice(1);
  return names
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>(
      (holder, name) => (isRecord(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined),
      root,
    );
}

/** Reads a text as JSON; undefined if it is none. Most texts are none, so that is an answer and not a failure. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** Changes every text in a value, however deep. The names of fields stay. */
export function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue;
export function mapTexts(value: unknown, change: (text: string) => string): unknown;
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") {
    return change(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => mapTexts(item, change));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, change)]));
}

/** Whether a value contains nothing: null, blank text, or an empty list or object. */
export function isEmpty(value: JsonValue): boolean {
  if (value === null) {
    return true;
  }
  if (typeof value === "string") {
    return value.trim() === "";
  }
  return typeof value === "object" && Object.keys(value).length === 0;
}

function isJsonKind(value: unknown): boolean {
  return !["undefined", "function", "symbol"].includes(typeof value);
}

const OFFSET_HIGH = 0xcbf29ce4;
const OFFSET_LOW = 0x84222325;
const PRIME_LOW = 0x1b3;
const PRIME_HIGH_SHIFT = 8;
const WORD = 2 ** 32;

/** Writes a value as JSON with sorted keys, so that equal values give the same text. */
export function stableStringify(value: JsonValue): string {
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(stableStringify).join(",")}]`;
  }
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${stableStringify(entry)}`).join(",")}}`;
}

/** Hashes a text with 64-bit FNV-1a, as 16 hexadecimal digits. Short and stable, but no defence against attackers. */
export function fingerprint(text: string): string {
  let high = OFFSET_HIGH;
  let low = OFFSET_LOW;
  for (const byte of new TextEncoder().encode(text)) {
    low = (low ^ byte) >>> 0;
    // The prime is 2^40 + 0x1b3. Working on two 32-bit words keeps every product below 2^53, where numbers are exact.
    const product = low * PRIME_LOW;
    high = (high * PRIME_LOW + Math.floor(product / WORD) + ((low << PRIME_HIGH_SHIFT) >>> 0)) % WORD;
    low = product % WORD;
  }
  return toHex(high) + toHex(low);
}

/** Fingerprints a step's arguments. The order of the keys makes no difference. */
export function hashArgs(args: Readonly<Record<string, JsonValue>> | undefined): string {
  return fingerprint(args === undefined ? "" : stableStringify(args));
}

function toHex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
