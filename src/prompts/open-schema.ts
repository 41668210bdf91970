/** A JSON Schema's keywords. */
export type Schema = Readonly<Record<string, unknown>>;

/** What a schema is a part of. */
export interface Place {
  readonly root: unknown;
  /** The references that lead here: one that comes again has no end. */
  readonly references: readonly string[];
  /** How many schemas may still be opened; one that is referred to counts each time. */
  readonly budget: { left: number };
}

/** A schema in its parts: what values are, apart from what is said of them. */
export interface OpenedSchema {
  /** The keywords that say what values are. */
  readonly core: Schema;
  /** Default, examples and that it is deprecated, as they are written behind a type. */
  readonly notes: string;
  /** The description as it is written last; empty where there is none. */
  readonly description: string;
  readonly place: Place;
}

const ANNOTATIONS = ["description", "default", "examples", "deprecated"];
/** Keywords that say nothing of values: definitions are written where they are used. */
const IGNORED = new Set(["title", "$schema", "$id", "$comment", "$defs", "definitions"]);

/** Opens a schema, with what it refers to in its place; undefined where that has no end or cannot be written shortly. */
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

/** A value as JSON, with nothing in it that ends a line or controls a screen. */
export function toQuoted(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

interface Target {
  readonly value: unknown;
  readonly place: Place;
}

/** What `#/$defs/name` names, from the root on. */
function findTarget(reference: unknown, place: Place): Target | undefined {
  if (typeof reference !== "string" || !reference.startsWith("#/") || place.references.includes(reference)) {
    return undefined;
  }
  const names = reference
    .slice(2)
    .split("/")
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const value = names.reduce<unknown>((holder, name) => {
    const fields = toSchema(holder);
    return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
  }, place.root);
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
  return Object.fromEntries(Object.entries(value).filter(([, keyword]) => keyword !== undefined));
}
