import { type BareSchema, toBareSchema } from "../models/index.js";
import type { CatalogueEntry } from "./catalogue-entry.js";
import { toQuoted } from "./open-schema.js";

/** More of a description than this is no first sentence any more. */
const MAX_SENTENCE = 120;
const MAX_SHOWN_VALUES = 9;
const MAX_DEPTH = 2;

/** Writes a tool for a small model: `get_weather(city, unit?: C|F): The current weather. Gives {temperature}`. */
export function toBriefLine({ name, description, parameters, output }: CatalogueEntry): string {
  const about = firstSentence(description);
  const gives = output === undefined ? "" : ` Gives ${output}.`;
  return `- ${name}(${toFields(toBareSchema(parameters), 0)})${about === "" ? "" : `: ${about}`}${gives}`;
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

/** Writes the names of an object's fields. A text needs no type, because most fields are texts. */
function toFields({ properties, required = [] }: BareSchema, depth: number): string {
  if (properties === undefined) {
    return "…";
  }
  const fields = Object.entries(properties).map(([name, field]) => {
    const type = toType(field, depth);
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
      return items === undefined ? "[…]" : `[${toType(items, depth) || "text"}]`;
    case "string":
    case undefined:
      return "";
    default:
      return type;
  }
}
