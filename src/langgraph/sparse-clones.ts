import { z } from "zod";

/**
 * An object schema that only looks at the keys that a value has. A plain object schema compiles a function over all its
 * keys before it reads the first value.
 */
const SparseObject = z.core.$constructor("SparseObject", (schema: z.ZodObject, def: z.core.$ZodObjectDef) => {
  z.ZodObject.init(schema, def);
  const parseWhole = schema._zod.parse;
  schema._zod.parse = (payload, context) => {
    const input: unknown = payload.value;
    if (context.async || typeof input !== "object" || input === null || Array.isArray(input)) {
      return parseWhole(payload, context);
    }
    const output: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(input)) {
      const field = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
      if (field === undefined) {
        continue;
      }
      const parsed = field._zod.run({ value, issues: [] }, context);
      if (parsed instanceof Promise) {
        return parseWhole(payload, context);
      }
      payload.issues.push(...z.core.util.prefixIssues(key, parsed.issues));
      output[key] = parsed.value;
    }
    payload.value = output;
    return payload;
  };
});

/**
 * Makes zod create sparse copies of a schema, and returns the schema itself. LangGraph makes two partial copies of a
 * state's schema at the end of each node, and reads each updated channel with them. To compile them each time would
 * cost more than everything else in a short run.
 */
export function withSparseClones<Schema extends z.ZodObject>(schema: Schema): Schema {
  schema._zod.constr = SparseObject;
  return schema;
}
