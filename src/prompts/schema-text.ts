// Writes a JSON Schema as a type on one line, much like TypeScript:
//
//   {path: string "where", limit?: integer(minimum 0) = 5}
//
// The type says all that the schema says. If it cannot, the result is undefined and the schema itself is shown.
// Anything that a tool's author chose (names, texts, values) is quoted as JSON if it could be taken for syntax.

import { openSchema, type Place, type Schema, toQuoted } from "./open-schema.js";

/** A type as text. `is` tells whether it needs parentheses inside another type. */
interface Written {
  readonly text: string;
  readonly is: "whole" | "union" | "annotated";
}

const MAX_SCHEMAS = 300;
/** A pattern longer than this, beside a format, is taken to be the format written out, and is left out. */
const MAX_PATTERN_BESIDE_FORMAT = 40;
/** Two words or more, without a sign that could be taken for the syntax of a signature. No type is written like that. */
const PLAIN_WORDS = /^\p{L}[\p{L}\p{N}'-]*(?:[,.]? [\p{L}\p{N}][\p{L}\p{N}.'-]*)+$/u;
const PLAIN_NAME = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
const NUMBER_KEYWORDS = [
  "format",
  "minimum",
  "exclusiveMinimum",
  "maximum",
  "exclusiveMaximum",
  "multipleOf",
];

/**
 * The keywords that may accompany each type: those that give its structure, and those that are written as
 * constraints.
 */
const TYPES: Readonly<
  Record<string, { readonly structure: readonly string[]; readonly constraints: readonly string[] }>
> = {
  string: {
    structure: [],
    constraints: ["format", "minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"],
  },
  number: { structure: [], constraints: NUMBER_KEYWORDS },
  integer: { structure: [], constraints: NUMBER_KEYWORDS },
  boolean: { structure: [], constraints: [] },
  null: { structure: [], constraints: [] },
  array: { structure: ["items", "prefixItems"], constraints: ["minItems", "maxItems", "uniqueItems"] },
  object: {
    structure: ["properties", "required", "additionalProperties"],
    constraints: ["minProperties", "maxProperties"],
  },
};

/** Writes a tool's arguments in parentheses, followed by the schema's own description; undefined if it cannot. */
export function toArgumentsText(parameters: unknown): string | undefined {
  const opened = openSchema(parameters, { root: parameters, references: [], budget: { left: MAX_SCHEMAS } });
  if (opened === undefined || opened.notes !== "" || opened.core.type !== "object") {
    return undefined;
  }
  if (Object.keys(opened.core).some((key) => key !== "type" && !TYPES.object?.structure.includes(key))) {
    return undefined;
  }
  const fields = toFieldsText(opened.core, opened.place);
  return fields === undefined ? undefined : `(${fields})${opened.description}`;
}

/** Writes a schema with its default and its description. */
function toValue(schema: unknown, place: Place): Written | undefined {
  const opened = openSchema(schema, place);
  if (opened === undefined) {
    return undefined;
  }
  const type = toType(opened.core, opened.place);
  const about = opened.notes + opened.description;
  return type === undefined || about === "" ? type : { text: type.text + about, is: "annotated" };
}

function toType(core: Schema, place: Place): Written | undefined {
  const keys = Object.keys(core);
  if (keys.length === 0) {
    return { text: "any", is: "whole" };
  }
  const values = "const" in core ? [core.const] : core.enum;
  if (values !== undefined) {
    return keys.every((key) => ["const", "enum", "type"].includes(key)) ? toLiterals(values) : undefined;
  }
  const either = core.anyOf ?? core.oneOf;
  if (either !== undefined) {
    return keys.length === 1 ? toUnion(either, place) : undefined;
  }
  if (Array.isArray(core.type)) {
    return toUnionOfTypes(core, core.type, place);
  }
  const { type = "properties" in core ? "object" : undefined } = core;
  return typeof type === "string" ? toOneType(type, core, place) : undefined;
}

function toLiterals(values: unknown): Written | undefined {
  if (!Array.isArray(values) || values.length === 0 || values.some(isComposed)) {
    return undefined;
  }
  return { text: values.map(toQuoted).join("|"), is: values.length === 1 ? "whole" : "union" };
}

function toUnion(members: unknown, place: Place): Written | undefined {
  if (!Array.isArray(members) || members.length === 0) {
    return undefined;
  }
  const written = members.map((member) => toValue(member, place));
  const texts = written.map((one) => (one?.is === "annotated" ? `(${one.text})` : one?.text));
  return written.length === 1 ? written[0] : joined(texts, "|", (text) => ({ text, is: "union" }));
}

/** Writes `type: ["string", "null"]` as a union. Each keyword goes to the types that it can apply to. */
function toUnionOfTypes(core: Schema, names: readonly unknown[], place: Place): Written | undefined {
  const keys = Object.keys(core).filter((key) => key !== "type");
  const members = names.map((name) => {
    const known = typeof name === "string" && Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
    const own = keys.filter((key) => known?.structure.includes(key) || known?.constraints.includes(key));
    return { type: name, own, schema: Object.fromEntries(own.map((key) => [key, core[key]])) };
  });
  if (keys.some((key) => members.every(({ own }) => !own.includes(key)))) {
    return undefined;
  }
  return toUnion(
    members.map(({ type, schema }) => ({ ...schema, type })),
    place,
  );
}

function toOneType(name: string, core: Schema, place: Place): Written | undefined {
  const known = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (known === undefined) {
    return undefined;
  }
  const others = Object.keys(core).filter((key) => key !== "type" && !known.structure.includes(key));
  if (others.some((key) => !known.constraints.includes(key))) {
    return undefined;
  }
  const text = name === "array" ? toArray(core, place) : name === "object" ? toObject(core, place) : name;
  const constraints = known.constraints.filter((key) => key in core && !isWrittenOut(key, core));
  if (text === undefined || constraints.length === 0) {
    return text === undefined ? undefined : { text, is: "whole" };
  }
  const said = constraints.map((key) => `${key} ${toQuoted(core[key])}`).join(", ");
  return { text: `${text}(${said})`, is: "whole" };
}

function isWrittenOut(key: string, { format, pattern, prefixItems, [key]: value }: Schema): boolean {
  if (key === "pattern") {
    return format !== undefined && String(pattern).length > MAX_PATTERN_BESIDE_FORMAT;
  }
  return Array.isArray(prefixItems) && ["minItems", "maxItems"].includes(key) && value === prefixItems.length;
}

function toArray({ items, prefixItems }: Schema, place: Place): string | undefined {
  if (prefixItems !== undefined) {
    return items === undefined || items === false ? toTuple(prefixItems, place) : undefined;
  }
  if (items === undefined) {
    return "any[]";
  }
  const item = toValue(items, place);
  if (item === undefined) {
    return undefined;
  }
  return item.is === "whole" ? `${item.text}[]` : `(${item.text})[]`;
}

function toTuple(items: unknown, place: Place): string | undefined {
  if (!Array.isArray(items) || items.length === 0) {
    return undefined;
  }
  const texts = items.map((item) => toValue(item, place)?.text);
  return joined(texts, ", ", (text) => `[${text}]`);
}

function toObject(core: Schema, place: Place): string | undefined {
  const fields = toFieldsText(core, place);
  if (fields === undefined) {
    return undefined;
  }
  return fields === "" || fields === "..." ? "object" : `{${fields}}`;
}

function toFieldsText(core: Schema, place: Place): string | undefined {
  const { properties = {}, required = [], additionalProperties: further } = core;
  if (typeof properties !== "object" || properties === null || !Array.isArray(required)) {
    return undefined;
  }
  if (required.some((name) => typeof name !== "string" || !Object.hasOwn(properties, name))) {
    return undefined;
  }
  const fields = Object.entries(properties).map(([name, schema]: [string, unknown]) => {
    const titled = withTitle(name, schema);
    const value = toWords(titled) ?? toValue(titled, place)?.text;
    return value === undefined ? undefined : `${toName(name)}${required.includes(name) ? "" : "?"}: ${value}`;
  });
  if (further === undefined || further === false) {
    return joined(fields, ", ", (text) => text);
  }
  const value = toValue(further, place)?.text;
  const rest = value === undefined ? undefined : value === "any" ? "..." : `[key: string]: ${value}`;
  return joined([...fields, rest], ", ", (text) => text);
}

/** A text about which only plain words are said is those words. Nearly all arguments are such, and it saves a tenth. */
function toWords(schema: unknown): string | undefined {
  const { type, description, ...others }: Schema = Object(schema);
  const isPlain = type === "string" && typeof description === "string" && PLAIN_WORDS.test(description);
  return isPlain && Object.keys(others).every((key) => key === "title")
    ? description.replace(/\.$/, "")
    : undefined;
}

/** Uses a field's title as its description, if there is no description and the title does not just repeat the name. */
function withTitle(name: string, schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null || !("title" in schema) || "description" in schema) {
    return schema;
  }
  const letters = (text: unknown) =>
    String(text)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, "");
  return letters(schema.title) === letters(name) ? schema : { ...schema, description: schema.title };
}

function toName(name: string): string {
  return PLAIN_NAME.test(name) ? name : toQuoted(name);
}

function isComposed(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function joined<Result>(
  parts: readonly (string | undefined)[],
  separator: string,
  then: (text: string) => Result,
): Result | undefined {
  return parts.includes(undefined) ? undefined : then(parts.join(separator));
}
