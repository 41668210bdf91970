import type { JsonValue } from "../../base/index.js";
import { createArgsParser } from "../plan-tool.js";
import type { JsonFields } from "./step-fields.js";

/**
 * Returns arguments without each null that the tool's schema does not take. Models that must write every field, as
 * OpenAI's strict mode has it, write null for an argument that they do not give.
 */
export function withoutNulls(args: JsonFields, schema: unknown): JsonFields {
  if (!JSON.stringify(args).includes("null")) {
    return args;
  }
  const refused = createArgsParser(schema)(args).map(({ path }) => path.map(String));
  return refused.reduce<JsonFields>(
    (kept, path) => (valueAt(kept, path) === null ? without(kept, path) : kept),
    args,
  );
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (holder, key) => (typeof holder === "object" && holder !== null ? Reflect.get(holder, key) : undefined),
    value,
  );
}

/** Copies fields without the one at this path. Items of lists stay, because leaving one out would move the others. */
function without(fields: JsonFields, [key = "", ...rest]: readonly string[]): Record<string, JsonValue> {
  if (rest.length === 0) {
    return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
  }
  const inner = fields[key] ?? null;
  return { ...fields, [key]: withoutInside(inner, rest) };
}

function withoutInside(value: JsonValue, path: readonly string[]): JsonValue {
  if (Array.isArray(value)) {
    const [index, ...rest] = path;
    return rest.length === 0
      ? value
      : value.map((item, at) => (String(at) === index ? withoutInside(item, rest) : item));
  }
  return typeof value === "object" && value !== null ? without(value, path) : value;
}
