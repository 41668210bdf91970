import { z } from "zod";
import {
  copyJson,
  describeError,
  isRecord,
  type JsonValue,
  parseJson,
  quote,
  quoteAll,
} from "../../base/index.js";
import type { SavedPlan } from "./saved-plan.js";

type Parameters =
  | { readonly ok: true; readonly schema: z.ZodObject; readonly json: unknown }
  | { readonly ok: false; readonly reason: string };

/** Reads the parameters of a saved plan: a zod object, or a JSON Schema for each. */
export function readParameters(given: NonNullable<SavedPlan["parameters"]>): Parameters {
  try {
    const schema = isZodObject(given) ? given : z.object(fromJsonSchemas(given));
    const { $schema: _version, ...json } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
    return { ok: true, schema, json };
  } catch (error) {
    return { ok: false, reason: `they cannot be read: ${describeError(error)}` };
  }
}

/** Whether a value is a zod object, of whatever copy of zod. */
export function isZodObject(given: unknown): given is z.ZodObject {
  return isRecord(given) && typeof given.safeParse === "function" && "shape" in given;
}

function fromJsonSchemas(given: object): z.ZodRawShape {
  const schemas = Object.entries(given).map(([name, fragment]): [string, z.ZodType] => {
    const schema = z.fromJSONSchema({ ...fragment });
    return [name, "default" in fragment ? schema.prefault(fragment.default) : schema];
  });
  return Object.fromEntries(schemas);
}

type Values =
  | { readonly ok: true; readonly values: Record<string, JsonValue> }
  | { readonly ok: false; readonly issues: readonly string[] };

/**
 * Checks the values that somebody gives for parameters, and adds defaults. What comes as text, as from a command line,
 * is read as JSON if the parameter takes no such text. A parameter that was left out is not among the values.
 */
export function readValues(schema: z.ZodObject, given: unknown): Values {
  const copy = copyJson(given ?? {});
  if (!copy.ok || typeof copy.value !== "object" || copy.value === null || Array.isArray(copy.value)) {
    return { ok: false, issues: ['"with" must be an object that gives each parameter its value.'] };
  }
  const names = Object.keys(schema.shape);
  const unknown = Object.keys(copy.value).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const hint = names.length === 0 ? "It takes none." : `It takes ${quoteAll(names)}.`;
    return { ok: false, issues: [`It has no parameter ${quoteAll(unknown)}. ${hint}`] };
  }
  try {
    const coerced = Object.entries(copy.value).map(([name, value]) => [
      name,
      coerce(schema.shape[name], value),
    ]);
    const parsed = schema.safeParse(Object.fromEntries(coerced));
    if (!parsed.success) {
      return { ok: false, issues: parsed.error.issues.map(describe) };
    }
    const values = copyJson(parsed.data);
    return values.ok &&
      typeof values.value === "object" &&
      values.value !== null &&
      !Array.isArray(values.value)
      ? { ok: true, values: values.value }
      : { ok: false, issues: ["Its parameters give values that are no JSON."] };
  } catch (error) {
    return { ok: false, issues: [`Its parameters cannot be checked: ${describeError(error)}`] };
  }
}

function describe({ path, message }: z.core.$ZodIssue): string {
  return `The parameter ${quote(path.map(String).join("."))} is not right: ${message}.`;
}

function coerce(schema: z.core.$ZodType | undefined, value: JsonValue): JsonValue {
  if (typeof value !== "string" || schema === undefined || z.safeParse(schema, value).success) {
    return value;
  }
  const parsed = parseJson(value);
  // If it is no JSON either, the schema says what is wrong with it.
  return parsed === undefined ? value : parsed;
}
