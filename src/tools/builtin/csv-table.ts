import { CsvError, parse } from "csv-parse/sync";
import { BuiltinToolError } from "../tool-errors.js";
import { type Cell, cellFromText } from "./cell.js";
import type { Table } from "./table.js";

const DELIMITERS = [",", ";", "\t", "|"];

/**
 * The table in a CSV text: names in the first line, values separated by what separates the names (a comma, a
 * semicolon, a tab or a bar). Empty lines are skipped; values that are not there are null.
 */
export function parseCsvTable(text: string, path: string): Table {
  const records = parseRecords(text, path);
  const [header, ...lines] = records;
  if (header === undefined) {
    throw new BuiltinToolError(
      "INVALID_DOCUMENT",
      `"${path}" is empty: a CSV file begins with the names of its columns.`,
    );
  }
  const width = lines.reduce((most, line) => Math.max(most, line.length), header.length);
  const columns = nameColumns(Array.from({ length: width }, (_, index) => header[index]?.trim() ?? ""));
  const rows = lines.map(
    (line) =>
      new Map(columns.map((column, index): [string, Cell] => [column, cellFromText(line[index] ?? "")])),
  );
  return { columns, rows };
}

function parseRecords(text: string, path: string): string[][] {
  try {
    const options = {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    };
    return parse(text, { ...options, delimiter: detectDelimiter(text), columns: false });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new BuiltinToolError("INVALID_DOCUMENT", `"${path}" is no CSV file: ${error.message}.`, false, {
      cause: error,
    });
  }
}

/** What occurs most often in the first line, quoted parts left out; a comma where nothing does. */
function detectDelimiter(text: string): string {
  const start = text.slice(0, 100_000).replace(/^\uFEFF?[\r\n]*/, "");
  const line = start.replace(/"(?:[^"]|"")*"/g, '""').split(/[\r\n]/, 1)[0] ?? "";
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** Columns without a name get one, and names that occur twice a number. */
function nameColumns(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const base = name || `column_${index + 1}`;
    let unique = base;
    for (let number = 2; taken.has(unique); number += 1) unique = `${base}_${number}`;
    taken.add(unique);
    return unique;
  });
}
