import type { ClientTool } from "@langchain/core/tools";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isRecord } from "../base/index.js";

/** A JSON Schema as models see it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Keywords whose keys are names that the author chose, not keywords. */
const NAMED = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Keywords whose value is data, not a schema. */
const DATA = new Set(["default", "const", "enum", "examples", "required"]);

/**
 * Describes a tool's arguments as JSON Schema, without the parts that only cost tokens: `$schema`,
 * `additionalProperties: false`, the statement that keys are strings, and the safe integer bounds that zod
 * writes. Throws if the schema cannot be expressed as JSON Schema.
 */
export function describeSchema(schema: ClientTool["schema"]): JsonSchema {
  // With io: "input", a field that has a default is optional.
  return withoutNoise(toJsonSchema(schema, { io: "input" }));
}

function withoutNoise(schema: object): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword, value]) => !isNoise(keyword, value))
      .map(([keyword, value]) => [keyword, cleanKeyword(keyword, value)]),
  );
}

function cleanKeyword(keyword: string, value: unknown): unknown {
  if (DATA.has(keyword) || typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown) => (isRecord(item) ? withoutNoise(item) : item));
  }
  if (!NAMED.has(keyword)) {
    return withoutNoise(value);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isRecord(inner) ? withoutNoise(inner) : inner]),
  );
}

function isNoise(keyword: string, value: unknown): boolean {
  if (keyword === "$schema") {
    return true;
  }
  if (keyword === "additionalProperties") {
    return value === false;
  }
  if (keyword === "propertyNames") {
    return isPlainText(value);
  }
  if (keyword === "minimum") {
    return value === Number.MIN_SAFE_INTEGER;
  }
  return keyword === "maximum" && value === Number.MAX_SAFE_INTEGER;
}

function isPlainText(value: unknown): boolean {
  return isRecord(value) && "type" in value && value.type === "string" && Object.keys(value).length === 1;
}
