import { isDeepStrictEqual } from "node:util";
import { type JsonValue, stableStringify } from "../base/index.js";
import { toJson } from "./to-json.js";

/**
 * What a tool is called with. A schema may change the arguments (coerce, default, catch, transform), and then rules,
 * people and the hash must go by what the tool gets. So these are the arguments as the schema reads them, where that is
 * JSON out of which the schema makes the very same; else they are as they were given.
 */
export interface CalledArgs {
  readonly args: Record<string, JsonValue>;
  /** Whether `args` say all that the tool gets. */
  readonly isShown: boolean;
  /** Where they do not: what the schema makes of them, as far as JSON can tell it. */
  readonly made?: JsonValue;
}

/** Bytes of what a schema makes that are told beside the arguments themselves. */
const MAX_MADE_BYTES = 8_000;

/** What a tool with this schema is called with; `isRefused` says whether the schema is sure to refuse the arguments. */
export async function readCalledArgs(
  schema: unknown,
  args: Record<string, JsonValue>,
  isRefused: () => boolean,
): Promise<CalledArgs> {
  // A JSON Schema changes nothing.
  if (!isParsing(schema)) {
    return { args, isShown: true };
  }
  try {
    const { success, data } = await schema.safeParseAsync(args);
    // What a check that asks elsewhere refuses now it may take a moment later.
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
    // What the schema throws, it throws again where the tool is called, which then fails for it.
    return { args, isShown: isRefused() };
  }
}

/** What a schema made, as plain JSON; undefined where that cannot be told. A tool of one text takes it as its input. */
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

/** Whether JSON says a value as it is; dates come as their text, and what is undefined is nothing. */
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
