import { z } from "zod";
import type { OutputShape } from "./output-shape.js";

/** A tool or a worker, as far as plans know it. */
export interface PlanTool {
  /** The name by which steps call it. */
  readonly name: string;
  /** Whether it is a worker: an agent that steps name as `worker`, and that is given no arguments. @default false */
  readonly isWorker?: boolean;
  /** The schema of its arguments: zod 4, zod 3, or a JSON Schema object. @default anything goes */
  readonly schema?: unknown;
  /** Whether it changes nothing, so that its steps may run at any time. @default false */
  readonly readOnly?: boolean;
  /** What is known of its output. References to a part that cannot be there are refused. @default nothing */
  readonly output?: OutputShape;
}

/** What is wrong with a tool's arguments at one place: the parts of a zod issue that are used here. */
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

/** Creates a function that checks arguments against a tool's schema. */
export function createArgsParser(schema: unknown): (args: unknown) => SchemaIssue[] {
  const parsing = toParsingSchema(schema);
  if (parsing === undefined) {
    return () => [];
  }
  const names = argumentNames(schema);
  return (args) => {
    try {
      const result = parsing.safeParse(args);
      return result.success ? droppedArguments(args, result.data, names) : readIssues(result);
    } catch {
      // Asynchronous refinements throw here, and so may transforms that meet a reference. The tool itself will check.
      return [];
    }
  };
}

/** Finds arguments that the schema does not name and leaves out, so that the tool would never see them. */
function droppedArguments(args: unknown, data: unknown, names: readonly string[] | undefined): SchemaIssue[] {
  const given = Object.keys(Object(args));
  const keys = given.filter((key) => names?.includes(key) === false && !Object.hasOwn(Object(data), key));
  return keys.length === 0 ? [] : [{ code: "unrecognized_keys", path: [], message: "is no argument", keys }];
}

/** Lists the arguments that a schema names; undefined if it does not say. */
export function argumentNames(schema: unknown): string[] | undefined {
  if (typeof schema !== "object" || schema === null) {
    return undefined;
  }
  if ("shape" in schema) {
    return objectKeys(schema.shape);
  }
  return "properties" in schema ? objectKeys(schema.properties) : undefined;
}

/** The arguments that a tool's schema names. */
export interface ToolArguments {
  readonly names: readonly string[];
  readonly required: readonly string[];
}

/** Lists the arguments that a schema names and those that must be given; undefined if it does not say. */
export function toolArguments(schema: unknown): ToolArguments | undefined {
  const names = argumentNames(schema);
  return names && { names, required: names.filter((name) => isRequired(schema, name)) };
}

/** Names the argument that a bare value stands for: the only one that is left, or the only one left to be required. */
export function soleArgument(
  { names, required }: ToolArguments,
  given: readonly string[] = [],
): string | undefined {
  const left = names.filter((name) => !given.includes(name));
  const candidates = left.length === 1 ? left : left.filter((name) => required.includes(name));
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Whether a tool can only be called without arguments: its schema names none, and accepts no others. */
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
    // An asynchronous check cannot be asked here, so we assume that the tool may take arguments.
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
    // An asynchronous check cannot be asked here, so the argument counts as required.
    return true;
  }
}

/** Whether a field is a zod schema, of either version, that accepts undefined. */
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
    // zod cannot express this JSON Schema. That is no reason to reject a plan, so anything goes.
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
  const { issues } = result.error ?? {};
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
