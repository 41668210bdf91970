// A tool's JSON schema says more than a grammar can hold a model to, and servers refuse keywords that they do not know.
// A bare schema has the few keywords that all of them know. Whatever it leaves out is checked when the answer is there.
import { findDefinition, isRecord, type JsonValue } from "../../base/index.js";

/** A JSON schema of the few keywords that grammars know. `{}` is any value. */
export interface BareSchema {
  readonly type?: string;
  readonly enum?: readonly JsonValue[];
  readonly anyOf?: readonly BareSchema[];
  readonly items?: BareSchema;
  /** Left out, an object may have any fields. */
  readonly properties?: Readonly<Record<string, BareSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | BareSchema;
  /** Tools' own patterns and bounds are left out. These are for schemas of ours. */
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Changes the schema of a field or of a list's items, such as to let a reference stand there. */
export type Widen = (schema: BareSchema, isRequired: boolean) => BareSchema;

/** How many schemas are read for one tool. Definitions count each time that they are used. */
const MAX_SCHEMAS = 2_000;
const SCALARS: ReadonlySet<unknown> = new Set(["string", "number", "integer", "boolean", "null"]);

interface Reading {
  readonly root: unknown;
  /** The references that led here. If one comes again, the schema is recursive. */
  readonly references: readonly string[];
  readonly budget: { left: number };
  readonly widen: Widen;
}

/** Reads a JSON schema as a bare one. A part that is recursive, or that cannot be read, may be any value of its type. */
export function toBareSchema(schema: unknown, widen: Widen = (same) => same): BareSchema {
  return read(schema, { root: schema, references: [], budget: { left: MAX_SCHEMAS }, widen });
}

function read(schema: unknown, reading: Reading): BareSchema {
  reading.budget.left -= 1;
  if (!isRecord(schema) || reading.budget.left < 0) {
    return {};
  }
  if (typeof schema.$ref === "string") {
    return readReference(schema.$ref, reading);
  }
  if (schema.nullable === true) {
    return toUnion([read({ ...schema, nullable: false }, reading), { type: "null" }]);
  }
  const values: unknown = "const" in schema ? [schema.const] : schema.enum;
  if (Array.isArray(values)) {
    return toLiterals(values);
  }
  if (Array.isArray(schema.allOf)) {
    const { allOf, ...own } = schema;
    return read(merge([own, ...allOf.map((one: unknown) => follow(one, reading.root))]), reading);
  }
  const either: unknown = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(either) && !isRecord(schema.properties)) {
    return toUnion(either.map((one) => read(one, reading)));
  }
  if (Array.isArray(schema.type)) {
    return toUnion(schema.type.map((type: unknown) => read({ ...schema, type }, reading)));
  }
  return readTyped(schema, reading);
}

function readReference(reference: string, reading: Reading): BareSchema {
  const target = findDefinition(reference, reading.root);
  if (reading.references.includes(reference)) {
    const type = isRecord(target) ? target.type : undefined;
    return type === "object" || type === "array" ? { type } : {};
  }
  return read(target, { ...reading, references: [...reading.references, reference] });
}

function readTyped(schema: Readonly<Record<string, unknown>>, reading: Reading): BareSchema {
  const { type = "properties" in schema ? "object" : undefined } = schema;
  if (type === "object") {
    return readObject(schema, reading);
  }
  if (type === "array") {
    const { items, prefixItems } = schema;
    const each = Array.isArray(prefixItems)
      ? toUnion(prefixItems.map((one) => read(one, reading)))
      : read(items, reading);
    return isAny(each) ? { type } : { type, items: reading.widen(each, true) };
  }
  return typeof type === "string" && SCALARS.has(type) ? { type } : {};
}

function readObject(
  { properties, required, additionalProperties }: Readonly<Record<string, unknown>>,
  reading: Reading,
): BareSchema {
  if (!isRecord(properties) || (Object.keys(properties).length === 0 && isOpen(additionalProperties))) {
    const each = read(additionalProperties, reading);
    return isAny(each) ? { type: "object" } : { type: "object", additionalProperties: each };
  }
  const needed = new Set<unknown>(Array.isArray(required) ? required : []);
  const names = Object.keys(properties);
  const fields = names.map((name) => {
    const isRequired = needed.has(name);
    const field = read(properties[name], reading);
    return [name, reading.widen(isRequired ? field : withoutNull(field), isRequired)] as const;
  });
  return {
    type: "object",
    properties: Object.fromEntries(fields),
    required: names.filter((name) => needed.has(name)),
    // Where keys are free, small models invent some.
    additionalProperties: false,
  };
}

function isOpen(additionalProperties: unknown): boolean {
  return additionalProperties === true || isRecord(additionalProperties);
}

function isAny(schema: BareSchema): boolean {
  return Object.keys(schema).length === 0;
}

/** What may be left out need not be null. */
function withoutNull(schema: BareSchema): BareSchema {
  const others = schema.anyOf?.filter(({ type }) => type !== "null") ?? [];
  return others.length === 0 ? schema : toUnion(others);
}

/** Returns the schema of a value that may be any of these. */
function toUnion(members: readonly BareSchema[]): BareSchema {
  const flat = members.flatMap((member) => member.anyOf ?? [member]);
  const distinct = [...new Map(flat.map((member) => [JSON.stringify(member), member])).values()];
  const [only = {}, ...others] = distinct;
  if (others.length === 0) {
    return only;
  }
  return distinct.some(isAny) ? {} : { anyOf: distinct };
}

/** Writes values of several types as a union, because OpenAI wants the type beside an enum. */
function toLiterals(values: readonly unknown[]): BareSchema {
  const types = ["string", "number", "boolean"] as const;
  const groups = types.flatMap((type): BareSchema[] => {
    const own = values.filter((value) => typeof value === type);
    return own.length === 0 ? [] : [{ type, enum: own.filter(isScalar) }];
  });
  const isComposed = values.some((value) => typeof value === "object" && value !== null);
  return isComposed ? {} : toUnion([...groups, ...(values.includes(null) ? [{ type: "null" }] : [])]);
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function follow(schema: unknown, root: unknown): unknown {
  return isRecord(schema) && "$ref" in schema ? findDefinition(schema.$ref, root) : schema;
}

/** Merges the schemas of a value that must be all of them: objects field by field, everything else by the first word. */
function merge(schemas: readonly unknown[]): Record<string, unknown> {
  const all = schemas.filter(isRecord);
  const fields = all.map(({ properties }) => (isRecord(properties) ? properties : {}));
  const required = all.flatMap(({ required: names }): unknown[] => (Array.isArray(names) ? names : []));
  const merged: Record<string, unknown> = Object.assign({}, ...all.toReversed());
  return all.some(({ properties }) => isRecord(properties))
    ? { ...merged, type: "object", properties: Object.assign({}, ...fields), required }
    : merged;
}
