import type { JsonValue } from "../../plan/index.js";
import { BuiltinToolError } from "../tool-errors.js";
import type { Cell } from "./cell.js";
import type { Table } from "./table.js";

const SEGMENT = /^(?:\.?([^.[\]"']+)|\[(\d+)\]|\[(?:"([^"]*)"|'([^']*)')\])/;
const MAX_NESTING = 8;

/** The document in a JSON text; throws where it is none. */
export function parseJsonDocument(text: string, path: string): JsonValue {
  try {
    const document: JsonValue = JSON.parse(text);
    return document;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const reason = `"${path}" is no JSON document: ${error.message}.`;
    throw new BuiltinToolError("INVALID_DOCUMENT", reason, false, { cause: error });
  }
}

/** What stands at a place in a document, such as `orders[0].items`; throws where there is nothing. */
export function valueAt(document: JsonValue, at: string): JsonValue {
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
    if (next === undefined) throw nothingAt(value, key, way);
    value = next;
    way += segment[0];
    rest = rest.slice(segment[0].length);
  }
  return value;
}

/**
 * The table in a document: a list has a row for each element; an object with one list in it is that list; an
 * object of objects has a row for each, with its name as `key`; any other value is one row. Objects inside of
 * a row become columns such as `address.city`, and what is no object has the column `value`.
 */
export function jsonTable(document: JsonValue): Table {
  const elements = elementsOf(document);
  const rows = elements.map((element) => new Map(flatten(element, "", 0)));
  return { columns: [...new Set(rows.flatMap((row) => [...row.keys()]))], rows };
}

function elementsOf(document: JsonValue): readonly JsonValue[] {
  if (Array.isArray(document)) return document;
  if (!isObject(document)) return [document];
  const values = Object.values(document);
  const [list, ...moreLists] = values.filter((value) => Array.isArray(value));
  if (list !== undefined && moreLists.length === 0) return list;
  if (values.length === 0 || !values.every(isObject)) return [document];
  return Object.entries(document).map(([key, value]) => (isObject(value) ? { key, ...value } : value));
}

function flatten(value: JsonValue, name: string, depth: number): [string, Cell][] {
  if (!isObject(value) || depth > MAX_NESTING) return [[name || "value", value]];
  const entries = Object.entries(value);
  if (entries.length === 0 && name !== "") return [[name, null]];
  return entries.flatMap(([key, inner]) => flatten(inner, name === "" ? key : `${name}.${key}`, depth + 1));
}

function childOf(value: JsonValue, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
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
