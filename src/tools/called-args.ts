import { isDeepStrictEqual } from "node:util";
import { type JsonValue, stableStringify } from "../base/index.js";
import { toJson } from "./to-json.js";

/**
 * What a tool is called with.
 *
 * A schema may change the arguments: it can coerce, default, catch or transform. The rules, the people who
 * approve and the hash must all judge what the tool really gets. So `args` holds the arguments as the schema
 * reads them, provided that they are JSON and the schema turns that JSON into exactly the same value.
 * Otherwise `args` holds the arguments as they were given.
 */
export interface CalledArgs {
  readonly args: Record<string, JsonValue>;
  /** Whether `args` show everything that the tool gets. */
  readonly isShown: boolean;
  /**
   * What the schema makes of the arguments, as far as JSON can express it. Set only if `args` do not show everything.
   */
  readonly made?: JsonValue;
}

/** Byte limit for `made`, which is shown next to the arguments. */
const MAX_MADE_BYTES = 8_000;

/**
 * Works out what a tool with this schema is called with. `isRefused` tells whether the schema is certain to
 * refuse the arguments.
 */
export async function readCalledArgs(
  schema: unknown,
  args: Record<string, JsonValue>,
  isRefused: () => boolean,
): Promise<CalledArgs> {
  // A JSON Schema never changes the arguments.
  if (!isParsing(schema)) {
    return { args, isShown: true };
  }
  try {
    const { success, data } = await schema.safeParseAsync(args);
    // A check may ask another system, so what it refuses now it may accept a moment later.
    if (!success) {
      return { args, isShown: isRefused() };
    }
    const read = toPlain(data);
    if (read !== undefined && stableStringify(read) === stableStringify(args)) {
      return { args, isShown: true };
    }
    const again = read && (await schema.safeParseAsync(read));
    return read && again?.success && isDeepStrictEqual(again.data, data)
      ? { args: read, isShown: true }
      : { args, isShown: false, made: toJson(data, { maxBytes: MAX_MADE_BYTES }).value };
  } catch {
    // If the schema throws here, it throws again when the tool is called, and the call fails with that error.
    return { args, isShown: isRefused() };
  }
}

/**
 * Converts the schema's result to plain JSON, or returns undefined if JSON cannot express it. A tool that
 * takes a single text gets it as `input`.
 */
function toPlain(made: unknown): Record<string, JsonValue> | undefined {
  const record = typeof made === "string" ? { input: made } : (made ?? {});
  if (typeof record !== "object" || Array.isArray(record)) {
    return undefined;
  }
  let isWhole = true;
  const text = JSON.stringify(record, (_key, value: unknown) => {
    isWhole &&= isTold(value);
    return typeof value === "bigint" ? null : value;
  });
  const plain: Record<string, JsonValue> = JSON.parse(text);
  return isWhole ? plain : undefined;
}

/**
 * Whether JSON expresses a value faithfully. `toJSON` has already turned dates into text, and undefined
 * counts as absent.
 */
function isTold(value: unknown): boolean {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value);
    case "object": {
      if (value === null || Array.isArray(value)) {
        return true;
      }
      const prototype: unknown = Object.getPrototypeOf(value);
      return prototype === Object.prototype || prototype === null;
    }
    default:
      return ["string", "boolean", "undefined"].includes(typeof value);
  }
}

function isParsing(
  schema: unknown,
): schema is { safeParseAsync(value: unknown): Promise<{ success: boolean; data?: unknown }> } {
  return (
    typeof schema === "object" &&
    schema !== null &&
    "safeParseAsync" in schema &&
    typeof schema.safeParseAsync === "function"
  );
}
