// What is known of a tool's output before it is there: its fields and lists, never its values. A shape comes from a
// JSON Schema or from an example, so it may be incomplete. Whatever it does not say is possible.
import { findDefinition, isRecord, type JsonValue, quote, quoteAll } from "../base/index.js";

/** The shape of a value. */
export type OutputShape =
  | { readonly kind: "any" }
  /** A single value: "text", "number", "boolean", or "value" if it may be of several types. */
  | { readonly kind: "single"; readonly type: string }
  | { readonly kind: "list"; readonly item: OutputShape }
  | {
      readonly kind: "object";
      readonly fields: ReadonlyMap<string, ShapeField>;
      /** Whether it may have further fields. */
      readonly isOpen: boolean;
    };

interface ShapeField {
  readonly shape: OutputShape;
  readonly isOptional: boolean;
}

const ANY: OutputShape = { kind: "any" };
const MAX_DEPTH = 8;
/** How many schemas are read for one shape. A schema that refers to itself would have no end. */
const MAX_SCHEMAS = 300;
const MAX_FIELDS = 100;
const SINGLES: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "number",
  boolean: "boolean",
  null: "value",
};

/** Reads a JSON Schema as a shape. What it says with other means than fields and items counts as anything. */
export function shapeOfSchema(schema: unknown): OutputShape {
  return readSchema(schema, { root: schema, left: MAX_SCHEMAS });
}

function readSchema(schema: unknown, reading: { readonly root: unknown; left: number }): OutputShape {
  reading.left -= 1;
  if (!isRecord(schema) || reading.left < 0) {
    return ANY;
  }
  const inner = (value: unknown) => readSchema(value, reading);
  if (typeof schema.$ref === "string") {
    return inner(findDefinition(schema.$ref, reading.root));
  }
  const variants = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(variants)) {
    return oneOf(variants.filter((one) => !isRecord(one) || one.type !== "null").map(inner));
  }
  const types: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
  const [type, ...others] = types.filter((one) => one !== "null");
  if ("allOf" in schema || others.length > 0) {
    return others.every((one) => isSingle(one)) && isSingle(type) ? { kind: "single", type: "value" } : ANY;
  }
  if (type === "object" || (type === undefined && isRecord(schema.properties))) {
    return shapeOfProperties(schema, inner);
  }
  if (type === "array") {
    return { kind: "list", item: inner(schema.items) };
  }
  return isSingle(type) ? { kind: "single", type: SINGLES[type] ?? "value" } : ANY;
}

function isSingle(type: unknown): type is string {
  return typeof type === "string" && Object.hasOwn(SINGLES, type);
}

function oneOf([first = ANY, ...others]: readonly OutputShape[]): OutputShape {
  if (others.length === 0) {
    return first;
  }
  return [first, ...others].every(({ kind }) => kind === "single") ? { kind: "single", type: "value" } : ANY;
}

function shapeOfProperties(
  { properties, required, additionalProperties }: Readonly<Record<string, unknown>>,
  inner: (schema: unknown) => OutputShape,
): OutputShape {
  const entries = Object.entries(isRecord(properties) ? properties : {});
  const needed = new Set<unknown>(Array.isArray(required) ? required : []);
  const fields = entries
    .slice(0, MAX_FIELDS)
    .map(([name, field]) => [name, { shape: inner(field), isOptional: !needed.has(name) }] as const);
  const isOpen = additionalProperties !== false || entries.length > MAX_FIELDS;
  return { kind: "object", fields: new Map(fields), isOpen };
}

/**
 * Reads a value as the shape of all values like it. The first item of a list stands for all. An empty list or object,
 * and null, stand for anything of their kind. Objects have just the fields of the value, unless they are `open`.
 */
export function shapeOfValue(value: JsonValue, isOpen = false, depth = 0): OutputShape {
  if (value === null || depth > MAX_DEPTH) {
    return ANY;
  }
  if (Array.isArray(value)) {
    return { kind: "list", item: shapeOfValue(value[0] ?? null, isOpen, depth + 1) };
  }
  if (typeof value !== "object") {
    return { kind: "single", type: SINGLES[typeof value] ?? "value" };
  }
  const entries = Object.entries(value);
  const fields = entries
    .slice(0, MAX_FIELDS)
    .map(
      ([name, field]) =>
        [name, { shape: shapeOfValue(field, isOpen, depth + 1), isOptional: false }] as const,
    );
  const isIncomplete = entries.length === 0 || entries.length > MAX_FIELDS;
  return { kind: "object", fields: new Map(fields), isOpen: isOpen || isIncomplete };
}

/** Where a path leads in a shape: to a shape, or to the place where nothing can be, with the reason. */
type FollowedShape =
  | { readonly ok: true; readonly shape: OutputShape }
  | { readonly ok: false; readonly taken: readonly string[]; readonly reason: string };

const INDEX_PATTERN = /^\d+$/;
const MAX_NAMES_SHOWN = 20;

/** Follows a path into a shape. What the shape does not say, there may be. */
function followShape(start: OutputShape, path: readonly string[]): FollowedShape {
  let shape = start;
  for (const [depth, key] of path.entries()) {
    const next = childOf(shape, key);
    if (typeof next === "string") {
      return { ok: false, taken: path.slice(0, depth), reason: next };
    }
    shape = next;
  }
  return { ok: true, shape };
}

/** Follows a path into an output's shape. Models also write `1.output.x` where there is no field of that name. */
export function followOutputShape(shape: OutputShape, path: readonly string[]): FollowedShape {
  const followed = followShape(shape, path);
  if (followed.ok || followed.taken.length > 0) {
    return followed;
  }
  if (path[0] === "output") {
    return followShape(shape, path.slice(1));
  }
  // A field of the one item of the one list in it.
  const item = shape.kind === "object" ? itemShapeOf(shape) : undefined;
  const inItem = item === undefined || item.kind !== "object" ? undefined : followShape(item, path);
  return inItem?.ok ? inItem : followed;
}

/** The shape of what a for-each step finds in an output: the items of the list, or of the one list in an object. */
export function itemShapeOf(shape: OutputShape): OutputShape | undefined {
  if (shape.kind === "list") {
    return shape.item;
  }
  if (shape.kind !== "object" || shape.isOpen) {
    return undefined;
  }
  const lists = [...shape.fields.values()].flatMap(({ shape: one }) =>
    one.kind === "list" ? [one.item] : [],
  );
  return lists.length === 1 ? lists[0] : undefined;
}

/** Returns the shape of a field or item, or says why there can be none. */
function childOf(shape: OutputShape, key: string): OutputShape | string {
  switch (shape.kind) {
    case "any":
      return ANY;
    case "single":
      return key === "length" ? ANY : `it is a single ${shape.type} and has no ${quote(key)}`;
    case "list":
      if (key === "length") {
        return { kind: "single", type: "number" };
      }
      return INDEX_PATTERN.test(key)
        ? shape.item
        : `it is a list and has no ${quote(key)}: its items are 0, 1 and so on`;
    case "object": {
      const field = shape.fields.get(key);
      const names = [...shape.fields.keys()];
      return (
        field?.shape ??
        (shape.isOpen ? ANY : `it has no ${quote(key)}: it has ${quoteAll(names, MAX_NAMES_SHOWN)}`)
      );
    }
  }
}

// Shapes as prompts tell them. Names of fields may come from outside, so only short identifiers are written.

const WRITTEN_NAME = /^[a-z_$][\w$-]{0,39}$/i;
const MAX_WRITTEN_FIELDS = 12;
const MAX_WRITTEN_DEPTH = 4;
const MAX_WRITTEN_CHARACTERS = 200;

/** Writes a shape on one line, such as `{rows: [{...}], count, value?}`; empty if it says nothing. */
export function writeShape(shape: OutputShape): string {
  if (shape.kind === "any" || (shape.kind === "single" && shape.type === "value")) {
    return "";
  }
  let text = "";
  for (let depth = MAX_WRITTEN_DEPTH; depth >= 0; depth--) {
    text = write(shape, depth);
    if (text.length <= MAX_WRITTEN_CHARACTERS) {
      return text;
    }
  }
  return text;
}

function write(shape: OutputShape, depth: number): string {
  switch (shape.kind) {
    case "any":
      return "...";
    case "single":
      return shape.type;
    case "list":
      return depth === 0 ? "[...]" : `[${write(shape.item, depth - 1)}]`;
    case "object": {
      const names = [...shape.fields].filter(([name]) => WRITTEN_NAME.test(name));
      const shown = depth === 0 ? [] : names.slice(0, MAX_WRITTEN_FIELDS);
      const rest = shape.isOpen || shown.length < shape.fields.size ? ["..."] : [];
      return `{${[...shown.map((field) => writeField(field, depth)), ...rest].join(", ")}}`;
    }
  }
}

function writeField([name, { shape, isOptional }]: readonly [string, ShapeField], depth: number): string {
  const head = isOptional ? `${name}?` : name;
  return shape.kind === "list" || shape.kind === "object" ? `${head}: ${write(shape, depth - 1)}` : head;
}
