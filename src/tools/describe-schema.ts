import { toJsonSchema } from "@langchain/core/utils/json_schema";
import type { AgentSchema } from "./agent-tool.js";

/** A JSON Schema, as it is shown to a model. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Keywords under which the keys are names that somebody chose, not keywords. */
const NAMED = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Keywords whose value is data. */
const DATA = new Set(["default", "const", "enum", "examples", "required"]);

/**
 * The JSON Schema of a tool's arguments without what only costs tokens: `$schema`, `additionalProperties:
 * false`, that keys are text, and the bounds of safe whole numbers that zod writes. Throws where the schema
 * cannot be written.
 */
export function describeSchema(schema: AgentSchema): JsonSchema {
  // io: "input": a field with a default need not be given.
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
  if (DATA.has(keyword) || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => (isRecord(item) ? withoutNoise(item) : item));
  if (!NAMED.has(keyword)) return withoutNoise(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isRecord(inner) ? withoutNoise(inner) : inner]),
  );
}

function isNoise(keyword: string, value: unknown): boolean {
  if (keyword === "$schema") return true;
  if (keyword === "additionalProperties") return value === false;
  if (keyword === "propertyNames") return isPlainText(value);
  if (keyword === "minimum") return value === Number.MIN_SAFE_INTEGER;
  return keyword === "maximum" && value === Number.MAX_SAFE_INTEGER;
}

function isPlainText(value: unknown): boolean {
  return isRecord(value) && "type" in value && value.type === "string" && Object.keys(value).length === 1;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
