import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import type { Raw } from "./cell.js";
import { decodeText, nameColumns, type SourceRow, type SourceTable } from "./source-rows.js";

/** Names that say nothing of what is in a list. */
const PLAIN_NAMES = new Set(["data", "rows", "records", "items", "results", "values"]);
const MAX_DEPTH = 5;

/** A line that could not be read. */
class BrokenLine {
  constructor(readonly reason: string) {}
}

/** The lists of records in a JSON file, by name; the one that makes up the file has none. */
export function readJsonTables(path: string): Map<string | undefined, readonly unknown[]> {
  const file = basename(path);
  const text = decodeText(readFileSync(path), file);
  if ([".jsonl", ".ndjson"].includes(extname(path).toLowerCase())) {
    return new Map([[undefined, readLines(text)]]);
  }
  const value = parseFile(text, file);
  if (Array.isArray(value)) {
    return new Map([[undefined, value]]);
  }
  const lists = isRecord(value) ? Object.entries(value).filter(isList) : [];
  const [only, ...others] = lists;
  if (only !== undefined && others.length === 0 && PLAIN_NAMES.has(only[0].toLowerCase())) {
    return new Map([[undefined, only[1]]]);
  }
  if (only === undefined) {
    throw new Error(`"${file}" has no list of records: a table is a list of objects.`);
  }
  return new Map(lists);
}

/** One of these lists as a table; objects inside of a record become columns of their own, lists stay JSON. */
export function readJson(path: string, table: string | undefined): SourceTable {
  const records = readJsonTables(path).get(table);
  if (records === undefined) {
    throw new Error(`"${basename(path)}" has no list "${table}".`);
  }
  const places = new Map<string, number>();
  const read = records.map((record, index) => readRecord(record, index + 1, places));
  const rows = read.map(({ cells, ...row }): SourceRow => {
    return { ...row, values: [...places.values()].map((place) => cells.get(place) ?? null) };
  });
  return { columns: nameColumns([...places.keys()]), rows, isTyped: true };
}

interface ReadRecord {
  readonly row: number;
  readonly cells: ReadonlyMap<number, Raw>;
  readonly fault?: string;
}

function readRecord(record: unknown, row: number, places: Map<string, number>): ReadRecord {
  const cells = new Map<number, Raw>();
  if (record instanceof BrokenLine) {
    return { row, cells, fault: record.reason };
  }
  if (!isRecord(record)) {
    return { row, cells, fault: `it is no object: ${JSON.stringify(record).slice(0, 200)}` };
  }
  const rounded: string[] = [];
  const take = (value: unknown, name: string, depth: number): void => {
    if (isRecord(value) && depth < MAX_DEPTH) {
      for (const [key, inner] of Object.entries(value)) {
        take(inner, `${name}.${key}`, depth + 1);
      }
      return;
    }
    if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      rounded.push(name);
    }
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    cells.set(place, toRaw(value));
  };
  for (const [name, value] of Object.entries(record)) {
    take(value, name, 1);
  }
  if (rounded.length === 0) {
    return { row, cells };
  }
  return {
    row,
    cells,
    fault: `${rounded.join(", ")} is too large a number to be read exactly: write it as text`,
  };
}

function toRaw(value: unknown): Raw {
  if (value === "") {
    return null;
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return value === null || value === undefined ? null : JSON.stringify(value);
}

function readLines(text: string): unknown[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.map((line) => {
    try {
      return JSON.parse(line);
    } catch (error) {
      if (error instanceof SyntaxError) {
        return new BrokenLine(`its line is no JSON: ${line.slice(0, 200)}`);
      }
      throw error;
    }
  });
}

function parseFile(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`"${file}" is no JSON: ${reason}. Mend that place, then load it again.`, { cause });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(entry: [string, unknown]): entry is [string, unknown[]] {
  return Array.isArray(entry[1]) && entry[1].every(isRecord);
}
