import { type BareSchema, toBareSchema } from "../models/index.js";
import type { CatalogueEntry } from "./catalogue-entry.js";
import { toQuoted } from "./open-schema.js";

/** More of a description than this is no first sentence any more. */
const MAX_SENTENCE = 120;
const MAX_SHOWN_VALUES = 9;
const MAX_MEANING = 60;
const MAX_DEPTH = 1;

/** Writes a tool for a small model: `get_weather(city, unit?: C|F): The current weather. Gives {temperature}`. */
export function toBriefLine({ name, description, parameters, output, readOnly }: CatalogueEntry): string {
  const about = firstSentence(description);
  const gives = output === undefined ? "" : ` Gives ${output}.`;
  const meanings = readOnly ? {} : meaningsIn(parameters);
  return `- ${name}(${toFields(toBareSchema(parameters), 0, meanings)})${about === "" ? "" : `: ${about}`}${gives}`;
}

/** The first sentence of a description, on one line. */
export function firstSentence(description: string): string {
  const [line = ""] = description.trim().split(/[\r\n]/, 1);
  const [sentence = ""] = /^.*?(?:[.!?](?=\s|$)|$)/u.exec(line) ?? [];
  const short =
    sentence.length <= MAX_SENTENCE ? sentence : `${sentence.slice(0, MAX_SENTENCE).split(/[:;]/, 1)[0]}`;
  const text = /[.!?]$/.test(short) || short === "" ? short : `${short}.`;
  return /\p{Cc}/u.test(text) ? toQuoted(text) : text;
}

/** What a tool that acts says of its texts: there a wrong one does harm, such as a name in place of an address. */
function meaningsIn(parameters: unknown): Readonly<Record<string, string>> {
  const properties: Readonly<Record<string, unknown>> = Object(Reflect.get(Object(parameters), "properties"));
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, field]) => {
      const { type, description }: { type?: unknown; description?: unknown } = Object(field);
      const isShort = typeof description === "string" && description.length <= MAX_MEANING;
      return type === "string" && isShort ? [[name, toQuoted(description)]] : [];
    }),
  );
}

/** Writes the names of an object's fields. A text needs no type, because most fields are texts. */
function toFields(
  { properties, required = [] }: BareSchema,
  depth: number,
  meanings: Readonly<Record<string, string>> = {},
): string {
  if (properties === undefined) {
    return "…";
  }
  const fields = Object.entries(properties).map(([name, field]) => {
    const type = toType(field, depth) || (meanings[name] ?? "");
    const head = `${toPlain(name)}${required.includes(name) ? "" : "?"}`;
    return type === "" ? head : `${head}: ${type}`;
  });
  return fields.join(", ");
}

/** Words of a tool's author stay on its line: what is no plain word is quoted. */
function toPlain(word: string): string {
  return /^[\w.<>=!/-]{1,64}$/.test(word) ? word : toQuoted(word);
}

function toType(schema: BareSchema, depth: number): string {
  const { type, enum: values, anyOf, items } = schema;
  if (values !== undefined) {
    return values.length > MAX_SHOWN_VALUES ? "" : values.map((value) => toPlain(String(value))).join("|");
  }
  if (anyOf !== undefined) {
    const texts = anyOf.map((member) => toType(member, depth));
    return texts.includes("") ? "" : [...new Set(texts)].join("|");
  }
  switch (type) {
    case "object":
      return depth === MAX_DEPTH ? "{…}" : `{${toFields(schema, depth + 1)}}`;
    case "array":
      return items === undefined ? "[…]" : `[${toType(items, depth + 1) || "text"}]`;
    case "string":
    case undefined:
      return "";
    default:
      return type;
  }
}
