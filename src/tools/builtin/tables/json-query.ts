import { tool } from "@langchain/core/tools";
import { z } from "zod";
import type { JsonValue } from "../../../base/index.js";
import { BuiltinToolError } from "../../tool-errors.js";
import type { FileRoot } from "../files/index.js";
import { Pace, ROUNDS_A_PAUSE, type Sliced } from "../in-slices.js";
import { parseJsonDocument } from "./json-document.js";
import { TABLE_ANSWER_SCHEMA, TABLE_QUERY_SHAPE } from "./query-schema.js";
import { assertTableSize, type Cell, ColumnNames, type Table, tooLarge } from "./table.js";
import { queryTable, type TableAnswer } from "./table-query.js";

const jsonQuerySchema = z.object({
  path: z.string().describe("Path of the JSON file, from the root folder."),
  at: z.string().nullish().describe("Place in the document: orders, orders[0].items; left out: all of it."),
  ...TABLE_QUERY_SHAPE,
});

/** Creates the tool that queries a JSON file like a table, or returns the value at one path: `{ value }`. */
export function createJsonQueryTool(files: FileRoot) {
  return tool(
    async ({ path, at, ...query }, config): Promise<TableAnswer | { value: JsonValue }> => {
      const pace = new Pace(config.signal);
      const document = await pace.carryOut(parseJsonDocument(await files.readText(path, config), path));
      const value = valueAt(document, at ?? "");
      const isQuery = Object.values(query).some((field) => field !== undefined && field !== null);
      if (!isQuery) {
        return { value };
      }
      const table = await pace.carryOut(jsonTable(value, path));
      return pace.carryOut(queryTable(table, query));
    },
    {
      name: "json_query",
      description:
        "Gives a value out of a JSON file, or asks a list of records in it: filters, groups, works out sum, avg, min, max, count, median or distinct of a field, sorts.",
      schema: jsonQuerySchema,
      metadata: {
        readOnly: true,
        outputSchema: { ...TABLE_ANSWER_SCHEMA, required: [] },
        preview: { argument: "path", pattern: "\\.json$" },
      },
    },
  );
}

const SEGMENT = /^(?:\.?([^.[\]"']+)|\[(\d+)\]|\[(?:"([^"]*)"|'([^']*)')\])/;
const MAX_NESTING = 8;
/** Length limit for a column's name, which is the path to a value. */
const MAX_NAME = 1_000;

/** Returns the value at a path in a document, such as `orders[0].items`. Throws if there is none. */
function valueAt(document: JsonValue, at: string): JsonValue {
  let value = document;
  let rest = at.trim().replace(/^\$\.?/, "");
  let way = "";
  while (rest !== "") {
    const segment = SEGMENT.exec(rest);
    if (segment === null) {
      throw new BuiltinToolError("INVALID_QUERY", `"${at}" is no path. Write it as orders[0].items.`);
    }
    const key = (segment[1] ?? segment[2] ?? segment[3] ?? segment[4] ?? "").trim();
    const next = childOf(value, key);
    if (next === undefined) {
      throw nothingAt(value, key, way);
    }
    value = next;
    way += segment[0];
    rest = rest.slice(segment[0].length);
  }
  return value;
}

/**
 * Turns a document into a table.
 * - A list has a row for each element.
 * - An object that holds exactly one list is that list.
 * - An object of objects has a row for each, with its name as `key`.
 * - Any other value is one row.
 *
 * Nested objects become columns such as `address.city`. A row that is no object has the column `value`.
 */
function* jsonTable(document: JsonValue, path: string): Sliced<Table> {
  const places = new Map<string, number>();
  const cells: Cell[][] = [];
  let count = 0;
  for (const element of elementsOf(document)) {
    if (count % ROUNDS_A_PAUSE === ROUNDS_A_PAUSE - 1) {
      yield;
    }
    for (const [name, cell] of flatten(element, "", 0)) {
      const place = places.get(name) ?? places.size;
      places.set(name, place);
      assertTableSize(path, count + 1, places.size);
      cells[place] ??= [];
      cells[place][count] = cell;
    }
    count += 1;
  }
  assertTableSize(path, count, places.size);
  return { columns: new ColumnNames([...places.keys()]), cells, count };
}

function* elementsOf(document: JsonValue): Generator<JsonValue> {
  if (Array.isArray(document)) {
    return yield* document;
  }
  if (!isObject(document)) {
    return yield document;
  }
  const keys = Object.keys(document);
  let lists = 0;
  let objects = 0;
  let list: readonly JsonValue[] = [];
  for (const key of keys) {
    const value = document[key] ?? null;
    if (isObject(value)) {
      objects += 1;
    }
    if (!Array.isArray(value)) {
      continue;
    }
    lists += 1;
    list = value;
  }
  if (lists === 1) {
    return yield* list;
  }
  if (keys.length === 0 || objects < keys.length) {
    return yield document;
  }
  for (const key of keys) {
    yield { key, ...Object(document[key]) };
  }
}

function* flatten(value: JsonValue, name: string, depth: number): Generator<[string, Cell]> {
  if (name.length > MAX_NAME) {
    throw tooLarge(
      `A column's name has ${name.length} characters; ${MAX_NAME} are the most: "${name.slice(0, 60)}…"`,
    );
  }
  if (!isObject(value) || depth > MAX_NESTING) {
    return yield [name || "value", value];
  }
  const entries = Object.entries(value);
  if (entries.length === 0 && name !== "") {
    return yield [name, null];
  }
  for (const [key, inner] of entries) {
    yield* flatten(inner, name === "" ? key : `${name}.${key}`, depth + 1);
  }
}

function childOf(value: JsonValue, key: string): JsonValue | undefined {
  if (Array.isArray(value)) {
    return /^\d+$/.test(key) ? value[Number(key)] : undefined;
  }
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function nothingAt(value: JsonValue, key: string, way: string): BuiltinToolError {
  const where = way === "" ? "The document" : `"${way.replace(/^\./, "")}"`;
  const what = Array.isArray(value)
    ? `is a list of ${value.length}`
    : isObject(value)
      ? `has ${
          Object.keys(value)
            .slice(0, 50)
            .map((name) => `"${name}"`)
            .join(", ") || "no keys"
        }`
      : `is ${JSON.stringify(value).slice(0, 60)}`;
  return new BuiltinToolError("INVALID_QUERY", `${where} has nothing at "${key}": it ${what}.`);
}

function isObject(value: JsonValue): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
