/**
 * Writes `github-operations.jsonl` from GitHub's own API document, as `@octokit/openapi` 23.0.2 (MIT) has it:
 *
 *   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
 *   npx tsx bench/tools/generate-operations.ts package/generated/api.github.com.json
 *
 * It keeps facts alone: names, summaries, the types of parameters, and which ids an answer has. The document itself has
 * 13 MB.
 */
import { readFile, writeFile } from "node:fs/promises";
import { isRecord } from "../../src/base/index.js";
import { OPERATIONS_FILE, type Operation, type Parameter } from "./operations.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
/** Which fields of an answer are kept: those by which another operation can name the thing. */
const NAMES_A_THING =
  /^(id|number|sha|login|slug|name|key|ref|tag_name|full_name|path)$|_(id|number|sha|name)$/;
const MOST_CHARACTERS = 64;
const SHORTER = {
  organization: "org",
  repository: "repo",
  "authenticated-user": "me",
  "create-or-update": "set",
  "self-hosted-": "",
};
const MOST_ABOUT = 240;
const MOST_FIELDS = 12;
const MOST_VALUES = 8;

type Json = Readonly<Record<string, unknown>>;

const [path] = process.argv.slice(2);
if (path === undefined) {
  throw new Error(
    "Name the document: npx tsx bench/tools/generate-operations.ts package/generated/api.github.com.json",
  );
}
const document: unknown = JSON.parse(await readFile(path, "utf8"));

/** Follows references, and takes the first of alternatives. */
function resolve(value: unknown, depth = 0): Json {
  if (!isRecord(value) || depth > 10) {
    return {};
  }
  if (typeof value.$ref === "string") {
    const names = value.$ref.split("/").slice(1);
    return resolve(
      names.reduce<unknown>((holder, name) => (isRecord(holder) ? holder[name] : undefined), document),
      depth + 1,
    );
  }
  const [first] = [value.anyOf, value.oneOf].flatMap((all) => (Array.isArray(all) ? all : []));
  if (first !== undefined) {
    return resolve(first, depth + 1);
  }
  if (Array.isArray(value.allOf)) {
    const parts = value.allOf.map((part) => resolve(part, depth + 1));
    return { ...parts[0], properties: Object.assign({}, ...parts.map((part) => part.properties)) };
  }
  return value;
}

function toParameter(name: string, schema: unknown, isRequired: boolean): Parameter {
  const { type, enum: values, items } = resolve(schema);
  const [one] = [type].flat().filter((each) => each !== "null");
  const isShort =
    Array.isArray(values) && values.length <= MOST_VALUES && values.every((each) => typeof each === "string");
  const of = one === "array" ? resolve(items).type : undefined;
  return {
    name,
    type: typeof of === "string" ? `${of}[]` : typeof one === "string" ? one : "string",
    ...(isRequired ? { required: true } : {}),
    ...(isShort ? { values } : {}),
  };
}

function parametersOf(operation: Json): Parameter[] {
  const own = (Array.isArray(operation.parameters) ? operation.parameters : []).map((one) => resolve(one));
  const placed = own
    .filter(({ in: place }) => place !== "header")
    .map(({ name, schema, required }) => toParameter(String(name), schema, required === true));
  const body = resolve(jsonIn(resolve(operation.requestBody)));
  const needed: readonly unknown[] = Array.isArray(body.required) ? body.required : [];
  const inBody = Object.entries(isRecord(body.properties) ? body.properties : {}).map(([name, schema]) =>
    toParameter(name, schema, needed.includes(name)),
  );
  const names = new Set(placed.map(({ name }) => name));
  return [...placed, ...inBody.filter(({ name }) => !names.has(name))];
}

function jsonIn({ content }: Json): unknown {
  return isRecord(content) && isRecord(content["application/json"])
    ? content["application/json"].schema
    : undefined;
}

/** Writes what an answer gives: `{id, number}`, `[{id}]`, or `{jobs: [{id}]}`. */
function givesOf({ responses }: Json): Operation["gives"] {
  const good = Object.entries(isRecord(responses) ? responses : {}).find(([code]) => code.startsWith("2"));
  const schema = resolve(jsonIn(resolve(good?.[1])));
  const list = schema.type === "array" ? resolve(schema.items) : undefined;
  if (list !== undefined) {
    return { "": namesIn(list) };
  }
  const inside = Object.entries(isRecord(schema.properties) ? schema.properties : {}).flatMap(
    ([name, field]) => {
      const { type, items } = resolve(field);
      const names = type === "array" ? namesIn(resolve(items)) : [];
      return names.length === 0 ? [] : [[name, names] as const];
    },
  );
  const own = namesIn(schema);
  return { ...(own.length === 0 ? {} : { ".": own }), ...Object.fromEntries(inside.slice(0, 2)) };
}

function namesIn({ properties }: Json): string[] {
  return Object.keys(isRecord(properties) ? properties : {})
    .filter((name) => NAMES_A_THING.test(name))
    .slice(0, MOST_FIELDS);
}

/** The first paragraph of a description, as plain text, as far as whole sentences go. */
function firstWords(description: unknown): string {
  const [first = ""] = String(description ?? "").split("\n\n");
  const plain = first.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[*`>]|\s+/g, " ");
  const sentences =
    plain
      .trim()
      .replaceAll(/ +/g, " ")
      .match(/[^.]+(?:\.(?! )[^.]*)*\.?/g) ?? [];
  return sentences
    .reduce((text, next) => (text.length + next.length <= MOST_ABOUT ? text + next : text), "")
    .trim();
}

/** Makes an operation's id a name that providers take. */
function toName(id: string): string {
  const name = id.replaceAll(/[^\w-]/g, "_");
  return name.length <= MOST_CHARACTERS
    ? name
    : Object.entries(SHORTER).reduce((text, [long, short]) => text.replace(long, short), name);
}

const paths = isRecord(document) && isRecord(document.paths) ? Object.values(document.paths) : [];
const operations = paths.flatMap((item) =>
  METHODS.flatMap((method): Operation[] => {
    const operation = isRecord(item) ? item[method] : undefined;
    if (!isRecord(operation) || operation.deprecated === true) {
      return [];
    }
    return [
      {
        name: toName(String(operation.operationId)),
        summary: String(operation.summary),
        about: firstWords(operation.description),
        ...(method === "get" ? { reads: true } : {}),
        parameters: parametersOf(operation),
        gives: givesOf(operation),
      },
    ];
  }),
);
await writeFile(OPERATIONS_FILE, `${operations.map((one) => JSON.stringify(one)).join("\n")}\n`);
console.log(`${operations.length} operations`);
