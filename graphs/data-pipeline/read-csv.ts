import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { decodeText, nameColumns, type SourceRow, type SourceTable } from "./source-rows.js";

const SEPARATORS = [",", ";", "\t", "|"];

/** A CSV file: names in its first line, an empty value is none. A row of another length keeps what fits, and is a fault. */
export function readCsv(path: string): SourceTable {
  const file = basename(path);
  const [header, ...records] = parseRecords(decodeText(readFileSync(path), file), file);
  if (header === undefined) {
    throw new Error(`"${file}" is empty: a CSV file begins with the names of its columns.`);
  }
  const columns = nameColumns(header);
  return {
    columns,
    isTyped: false,
    rows: records.map((record, index) => toRow(record, index + 1, columns.length)),
  };
}

function toRow(record: readonly string[], row: number, width: number): SourceRow {
  const values = Array.from({ length: width }, (_, index) => record[index] || null);
  if (record.length === width) {
    return { row, values };
  }
  const more = record.slice(width);
  const rest = more.length > 0 ? `, the others are ${JSON.stringify(more).slice(0, 200)}` : "";
  return { row, values, fault: `it has ${record.length} values and the table ${width} columns${rest}` };
}

function parseRecords(text: string, file: string): string[][] {
  try {
    return parse(text, {
      columns: false,
      delimiter: separatorOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) {
      throw error;
    }
    throw new Error(`"${file}" is no CSV file: ${error.message}. Mend that place, then load it again.`, {
      cause: error,
    });
  }
}

/** What separates the names: the most frequent outside of quotes, a comma where none occurs. */
function separatorOf(text: string): string {
  const names = (/^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text.trimStart())?.[0] ?? "").replace(
    /"(?:[^"]|"")*"/g,
    "",
  );
  const count = (separator: string) => names.split(separator).length;
  return SEPARATORS.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}
