import { findDefinition, withoutUndefined } from "../base/index.js";

/** A JSON Schema, as its keywords. */
export type Schema = Readonly<Record<string, unknown>>;

/** Where in a document a schema is. */
export interface Place {
  readonly root: unknown;
  /** The references that led here. If one comes again, the schema is recursive. */
  readonly references: readonly string[];
  /** How many more schemas may be opened. A schema counts each time it is referred to. */
  readonly budget: { left: number };
}

/** A schema in two parts: what values may be, and what is said about them. */
export interface OpenedSchema {
  /** The keywords that say what values may be. */
  readonly core: Schema;
  /** Default, examples and deprecation, as they are written behind a type. */
  readonly notes: string;
  /** The description, as it is written at the end; empty if there is none. */
  readonly description: string;
  readonly place: Place;
}

const ANNOTATIONS = ["description", "default", "examples", "deprecated"];
/** Keywords that say nothing about values. Definitions are written out where they are used. */
const IGNORED = new Set(["title", "$schema", "$id", "$comment", "$defs", "definitions"]);

/**
 * Opens a schema and puts what it refers to in its place; undefined if it is recursive or cannot be written briefly.
 */
export function openSchema(value: unknown, place: Place): OpenedSchema | undefined {
  place.budget.left -= 1;
  const schema = value === true ? {} : toSchema(value);
  if (schema === undefined || place.budget.left < 0) {
    return undefined;
  }
  const keys = Object.keys(schema).filter((key) => !IGNORED.has(key));
  const said = keys.filter((key) => ANNOTATIONS.includes(key));
  const core = pick(
    schema,
    keys.filter((key) => !ANNOTATIONS.includes(key)),
  );
  const [only, ...others] = Object.keys(core);
  if (others.length === 0 && (only === "$ref" || only === "allOf")) {
    const target = only === "$ref" ? findTarget(core.$ref, place) : findOnly(core.allOf, place);
    const inner = toSchema(target?.value);
    return target && inner && openSchema({ ...inner, ...pick(schema, said) }, target.place);
  }
  const { description = "", default: preset, examples, deprecated = false } = schema;
  if (typeof description !== "string" || typeof deprecated !== "boolean") {
    return undefined;
  }
  const notes = [
    preset === undefined ? "" : ` = ${toQuoted(preset)}`,
    examples === undefined ? "" : ` examples ${toQuoted(examples)}`,
    deprecated ? " deprecated" : "",
  ];
  return {
    core,
    notes: notes.join(""),
    description: description === "" ? "" : ` ${toQuoted(description)}`,
    place,
  };
}

/** Writes a value as JSON, without characters that could end a line or control a terminal. */
export function toQuoted(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

interface Target {
  readonly value: unknown;
  readonly place: Place;
}

/** Finds what a reference such as `#/$defs/name` points to, from the root. */
function findTarget(reference: unknown, place: Place): Target | undefined {
  if (typeof reference !== "string" || !reference.startsWith("#/") || place.references.includes(reference)) {
    return undefined;
  }
  const value = findDefinition(reference, place.root);
  return { value, place: { ...place, references: [...place.references, reference] } };
}

function findOnly(members: unknown, place: Place): Target | undefined {
  return Array.isArray(members) && members.length === 1 ? { value: members[0], place } : undefined;
}

function pick(schema: Schema, keys: readonly string[]): Schema {
  return Object.fromEntries(keys.map((key) => [key, schema[key]]));
}

function toSchema(value: unknown): Schema | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return undefined;
  }
  return withoutUndefined({ ...value });
}
