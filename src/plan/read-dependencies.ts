import type { JsonValue } from "./json.js";
import { firstField, saysNothing, stepFieldNames, toFields } from "./step-fields.js";
import { type ReferenceResolver, toStepId } from "./wild-references.js";

const maxListed = 1000;

/**
 * Reads what a step depends on: a list, one id, ids between commas, or a word for nothing. What names no
 * step stays as it was, so that the check finds it.
 */
export function readDependencies(value: JsonValue, resolve: ReferenceResolver): JsonValue {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => readOne(item, resolve)))];
  if (typeof value !== "string") return typeof value === "number" ? readOne(value, resolve) : value;
  if (toStepId(value, resolve) !== undefined) return readOne(value, resolve);
  const parts = value.split(/,|\band\b/i, maxListed).map((part) => part.trim());
  const isList = parts.length > 1 && parts.every((part) => toStepId(part, resolve) !== undefined);
  return isList ? parts.flatMap((part) => readOne(part, resolve)) : readOne(value, resolve);
}

function readOne(value: JsonValue, resolve: ReferenceResolver): JsonValue[] {
  const fields = toFields(value);
  const item = fields === undefined ? value : (firstField(fields, [...stepFieldNames.id, "step"]) ?? value);
  // HuggingGPT's plans, and models that have read them, write -1 for "none".
  if (item === -1 || item === "-1") return [];
  if (typeof item !== "number" && typeof item !== "string") return saysNothing(item) ? [] : [item];
  const text = String(item).trim();
  const id = toStepId(text, resolve);
  if (id !== undefined) return [id];
  return saysNothing(text) ? [] : [text];
}
