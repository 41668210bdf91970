import { z } from "zod";

/** A tool as a plan sees it. */
export interface PlanTool {
  /** The name by which steps call it. */
  readonly name: string;
  /** Its arguments: a zod 4 or zod 3 schema, or a JSON Schema object. @default anything goes */
  readonly schema?: unknown;
  /** Whether it changes nothing, so that its steps may run at any time. @default false */
  readonly readOnly?: boolean;
}

/** What is wrong with a tool's arguments at one place: the part of zod's issues that is used here. */
export interface SchemaIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys: readonly string[];
}

interface ParseResult {
  readonly success: boolean;
  readonly data?: unknown;
  readonly error?: { readonly issues?: unknown };
}
interface ParsingSchema {
  safeParse(value: unknown): ParseResult;
}

/** Makes a function that says what a tool's schema has against some arguments. */
export function createArgsParser(schema: unknown): (args: unknown) => SchemaIssue[] {
  const parsing = toParsingSchema(schema);
  if (parsing === undefined) {
    return () => [];
  }
  return (args) => {
    try {
      return readIssues(parsing.safeParse(args));
    } catch {
      // Asynchronous refinements and transforms that meet a reference throw: the tool itself will check.
      return [];
    }
  };
}

/** The names of the arguments that a schema knows; undefined where it does not say. */
export function argumentNames(schema: unknown): string[] | undefined {
  if (typeof schema !== "object" || schema === null) {
    return undefined;
  }
  if ("shape" in schema) {
    return objectKeys(schema.shape);
  }
  return "properties" in schema ? objectKeys(schema.properties) : undefined;
}

/** The argument that a value alone stands for: the only one, or the only one that must be given. */
export function soleArgument(schema: unknown): string | undefined {
  const names = argumentNames(schema) ?? [];
  const candidates = names.length === 1 ? names : names.filter((name) => isRequired(schema, name));
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Whether there is nothing to say to a tool: it has no arguments, and takes no others. */
export function takesNoArguments(schema: unknown): boolean {
  if (argumentNames(schema)?.length !== 0) {
    return false;
  }
  if (!isParsingSchema(schema)) {
    return !Reflect.get(Object(schema), "additionalProperties");
  }
  try {
    const { success, data } = schema.safeParse({ unknown: 1 });
    return !success || !Object.hasOwn(Object(data), "unknown");
  } catch {
    // A check that is asynchronous cannot be asked: whoever makes arguments looks at the schema.
    return false;
  }
}

function isRequired(schema: unknown, name: string): boolean {
  if (typeof schema !== "object" || schema === null) {
    return false;
  }
  if (!("shape" in schema)) {
    return "required" in schema && Array.isArray(schema.required) && schema.required.includes(name);
  }
  const field: unknown = Reflect.get(Object(schema.shape), name);
  try {
    return !takesNothing(field);
  } catch {
    // A check that is asynchronous cannot be asked; such an argument counts as one that must be given.
    return true;
  }
}

/** Whether a zod schema, of either version, takes undefined. */
function takesNothing(field: unknown): boolean {
  return isParsingSchema(field) && field.safeParse(undefined).success;
}

function objectKeys(value: unknown): string[] | undefined {
  return typeof value === "object" && value !== null ? Object.keys(value) : undefined;
}

function toParsingSchema(schema: unknown): ParsingSchema | undefined {
  if (isParsingSchema(schema)) {
    return schema;
  }
  if (typeof schema !== "object" || schema === null) {
    return undefined;
  }
  try {
    return z.fromJSONSchema({ ...schema });
  } catch {
    // A JSON Schema that zod cannot express is no reason to call a plan broken: anything goes.
    return undefined;
  }
}

function isParsingSchema(schema: unknown): schema is ParsingSchema {
  return (
    typeof schema === "object" &&
    schema !== null &&
    "safeParse" in schema &&
    typeof schema.safeParse === "function"
  );
}

function readIssues(result: ParseResult): SchemaIssue[] {
  const issues = result.success ? [] : result.error?.issues;
  return Array.isArray(issues) ? issues.map(readIssue) : [];
}

const schemaIssueSchema = z
  .object({
    code: z.string().catch("custom"),
    path: z.array(z.union([z.string(), z.number(), z.symbol()])).catch([]),
    message: z.string().catch("is not valid"),
    keys: z.array(z.string()).catch([]),
  })
  .catch({ code: "custom", path: [], message: "is not valid", keys: [] });

function readIssue(issue: unknown): SchemaIssue {
  return schemaIssueSchema.parse(issue);
}
