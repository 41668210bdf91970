import { tool } from "@langchain/core/tools";
import { CsvError, type Parser, parse } from "csv-parse";
import { z } from "zod";
import { isOfClass } from "../../../base/index.js";
import { BuiltinToolError } from "../../tool-errors.js";
import type { FileRoot } from "../files/index.js";
import { Pace } from "../in-slices.js";
import { TABLE_ANSWER_SCHEMA, TABLE_QUERY_SHAPE } from "./query-schema.js";
import { assertTableSize, type Cell, ColumnNames, cellFromText, type Table, tooLarge } from "./table.js";
import { queryTable } from "./table-query.js";

const csvQuerySchema = z.object({
  path: z.string().describe("Path of the CSV file, from the root folder; its first line names the columns."),
  ...TABLE_QUERY_SHAPE,
});

/**
 * Creates the tool that queries a CSV file:
 * `{ path, select?, where?, groupBy?, aggregates?, orderBy?, limit? }` → `{ rows, count, value? }`.
 */
export function createCsvQueryTool(files: FileRoot) {
  return tool(
    async ({ path, ...query }, config) => {
      const pace = new Pace(config.signal);
      const table = await parseCsvTable(await files.readText(path, config), path, pace);
      return pace.carryOut(queryTable(table, query));
    },
    {
      name: "csv_query",
      description:
        "Asks a CSV file: filters rows, groups them, works out sum, avg, min, max, count, median or distinct of a column, sorts. Gives the value too where there is only one.",
      schema: csvQuerySchema,
      metadata: {
        readOnly: true,
        outputSchema: TABLE_ANSWER_SCHEMA,
        preview: { argument: "path", pattern: "\\.(csv|tsv)$", args: { limit: 20 } },
      },
    },
  );
}

const DELIMITERS = [",", ";", "\t", "|"];
/** Characters to parse at once. */
const PIECE = 4_096;
/** Size limit for a row, in bytes. A quote that is never closed makes everything after it one row. */
const MAX_ROW_BYTES = 1_000_000;

/**
 * Parses a CSV text. The first line has the column names. Values are separated by whatever separates the
 * names: a comma, a semicolon, a tab or a bar. Empty lines are skipped, and missing values are null.
 */
export async function parseCsvTable(text: string, path: string, pace: Pace): Promise<Table> {
  let header: readonly string[] | undefined;
  const cells: Cell[][] = [];
  let count = 0;
  let width = 0;
  const add = (record: readonly string[]) => {
    width = Math.max(width, record.length);
    assertTableSize(path, count, width);
    if (header === undefined) {
      header = record;
      return;
    }
    for (const [index, value] of record.entries()) {
      cells[index] ??= [];
      cells[index][count] = cellFromText(value);
    }
    count += 1;
  };
  for await (const records of readRecords(text, path, pace)) {
    records.forEach(add);
  }
  if (header === undefined) {
    throw new BuiltinToolError(
      "INVALID_DOCUMENT",
      `"${path}" is empty: a CSV file begins with the names of its columns.`,
    );
  }
  assertTableSize(path, count, width);
  const names = header;
  const columns = nameColumns(Array.from({ length: width }, (_, index) => names[index]?.trim() ?? ""));
  return { columns: new ColumnNames(columns), cells, count };
}

/** Yields the records of a text, a few at a time. */
async function* readRecords(text: string, path: string, pace: Pace): AsyncGenerator<readonly string[][]> {
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: MAX_ROW_BYTES,
    delimiter: detectDelimiter(text),
    columns: false,
  });
  // This keeps an error from being thrown here. `readySoFar` throws it.
  parser.on("error", () => {});
  try {
    for (const piece of piecesOf(text)) {
      parser.write(piece);
      yield readySoFar(parser);
      if (pace.isDue) {
        await pace.rest();
      }
    }
    parser.end();
    yield await parser.toArray();
  } catch (error) {
    if (!isOfClass(error, CsvError)) {
      throw error;
    }
    if (error.code === "CSV_MAX_RECORD_SIZE") {
      throw tooLarge(
        `"${path}" has a row of more than ${MAX_ROW_BYTES} bytes, the most for one row. Is a quote never closed?`,
      );
    }
    throw new BuiltinToolError("INVALID_DOCUMENT", `"${path}" is no CSV file: ${error.message}.`, false, {
      cause: error,
    });
  }
}

function readySoFar(parser: Parser): string[][] {
  const records: string[][] = [];
  for (let record = parser.read(); record !== null; record = parser.read()) {
    records.push(record);
  }
  if (parser.errored !== null) {
    throw parser.errored;
  }
  return records;
}

/** Splits the text into pieces, never inside a character. */
function* piecesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const isSplit = (text.codePointAt(start + PIECE - 1) ?? 0) > 0xffff;
    const end = start + PIECE + (isSplit ? 1 : 0);
    yield text.slice(start, end);
    start = end;
  }
}

/** Returns the delimiter that is most frequent in the first line outside quotes; a comma if there is none. */
function detectDelimiter(text: string): string {
  const start = text.slice(0, 100_000).replace(/^\uFEFF?[\r\n]*/, "");
  const line = start.replace(/"(?:[^"]|"")*"/g, '""').split(/[\r\n]/, 1)[0] ?? "";
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** Gives nameless columns a name, and adds a number to names that occur twice. */
function nameColumns(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const base = name || `column_${index + 1}`;
    let unique = base;
    for (let number = 2; taken.has(unique); number += 1) {
      unique = `${base}_${number}`;
    }
    taken.add(unique);
    return unique;
  });
}
