import type { JsonValue } from "./json.js";

/** A plain copy of a foreign value, or why there is none. */
export type JsonCopy = { ok: true; value: JsonValue } | { ok: false; reason: string };

const maxDepth = 100;
const maxValues = 1_000_000;

class UnreadableError extends Error {}

/**
 * Copies a foreign value into plain JSON, so that everything after it meets no getter, no cycle and no
 * endless nesting. What JSON leaves out is left out here as well; `toJSON` is not called.
 */
export function copyJson(value: unknown): JsonCopy {
  let count = 0;

  function copy(part: unknown, depth: number): JsonValue {
    count += 1;
    if (count > maxValues) throw new UnreadableError(`it holds more than ${maxValues} values`);
    if (depth > maxDepth) throw new UnreadableError(`it is nested deeper than ${maxDepth} levels`);
    if (typeof part === "string" || typeof part === "boolean") return part;
    if (typeof part === "number") return Number.isFinite(part) ? part : null;
    if (typeof part === "bigint") throw new UnreadableError("it holds a bigint, which JSON cannot");
    if (typeof part !== "object" || part === null) return null;
    if (Array.isArray(part)) return Array.from(part, (item) => copy(item, depth + 1));
    const entries = Object.entries(part).filter(([, entry]) => isJsonKind(entry));
    return Object.fromEntries(entries.map(([key, entry]) => [key, copy(entry, depth + 1)]));
  }

  try {
    return { ok: true, value: copy(value, 0) };
  } catch (error) {
    // A getter or a proxy may throw anything at all: whatever it is, the value cannot be read.
    return { ok: false, reason: error instanceof UnreadableError ? error.message : "reading it failed" };
  }
}

function isJsonKind(value: unknown): boolean {
  return !["undefined", "function", "symbol"].includes(typeof value);
}
