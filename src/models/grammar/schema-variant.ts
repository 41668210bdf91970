import type { BareSchema } from "./bare-schema.js";

/**
 * The forms in which servers take a schema:
 *
 * - `open`: optional fields may be left out (llama.cpp, Ollama, vLLM).
 * - `strict`: every field is required, and optional ones may be null; no object has free fields (OpenAI).
 * - `plain`: as `strict`, without patterns and bounds.
 */
export type SchemaVariant = "open" | "strict" | "plain";

/**
 * Writes a schema in one of these forms. An alternative or an optional field that the form cannot express is left out;
 * undefined if it cannot express the rest.
 */
export function toVariant(schema: BareSchema, variant: SchemaVariant): BareSchema | undefined {
  return variant === "open" ? schema : toStrict(schema, variant);
}

function toStrict(schema: BareSchema, variant: "strict" | "plain"): BareSchema | undefined {
  const { anyOf, items } = schema;
  if (anyOf !== undefined) {
    const members = anyOf.flatMap((member) => toStrict(member, variant) ?? []);
    return members.length === 0 ? undefined : { anyOf: members };
  }
  if (schema.type === "object") {
    return toStrictObject(schema, variant);
  }
  if (schema.type === undefined) {
    return undefined;
  }
  const each = items && toStrict(items, variant);
  if (schema.type === "array" && each === undefined) {
    return undefined;
  }
  const { pattern: _pattern, maxLength: _length, minItems: _least, maxItems: _most, ...plain } = schema;
  return { ...(variant === "plain" ? plain : schema), ...(each === undefined ? {} : { items: each }) };
}

function toStrictObject(
  { properties, required = [] }: BareSchema,
  variant: "strict" | "plain",
): BareSchema | undefined {
  if (properties === undefined) {
    return undefined;
  }
  const fields = Object.entries(properties).map(
    ([name, field]) => [name, toStrict(field, variant), required.includes(name)] as const,
  );
  if (fields.some(([, field, isRequired]) => isRequired && field === undefined)) {
    return undefined;
  }
  const entries = fields.flatMap(([name, field, isRequired]) =>
    field === undefined ? [] : [[name, isRequired ? field : orNull(field)] as const],
  );
  return {
    type: "object",
    properties: Object.fromEntries(entries),
    required: entries.map(([name]) => name),
    additionalProperties: false,
  };
}

function orNull(schema: BareSchema): BareSchema {
  const members = schema.anyOf ?? [schema];
  return members.some(({ type }) => type === "null") ? schema : { anyOf: [...members, { type: "null" }] };
}
