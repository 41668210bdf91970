import { CsvError, parse } from "csv-parse/sync";
import { type Columns, findColumns, type PriceField } from "./columns.js";
import { type Bar, type PriceTable, toPriceTable } from "./price-table.js";
import { findSlashOrder, readDate, readNumber, type SlashOrder } from "./values.js";

const SEPARATORS = [",", ";", "\t", "|"];
const MAX_NAMED_FAULTS = 5;

type SymbolBar = Bar & { readonly symbol: string };

/** A line of the file, and its number in it. */
interface Line {
  readonly number: number;
  readonly cells: readonly string[];
}

/** Reads a price file. One broken row makes it throw: prices that are partly read would be other prices. */
export function parsePrices(text: string, file: string): PriceTable {
  const separator = findSeparator(text);
  const [header, ...lines] = readLines(text, separator, file);
  if (header === undefined || lines.length === 0) {
    throw new Error(`${file} has no rows of prices.`);
  }
  const columns = findColumns(header.cells, file);
  const dateAt = columns.get("date") ?? 0;
  const reading = {
    columns,
    slashes: findSlashOrder(lines.map(({ cells }) => cells[dateAt] ?? "")),
    hasDecimalComma: separator !== ",",
  };
  const faults: string[] = [];
  const bars = lines.flatMap((line): SymbolBar[] => {
    const bar = toBar(line, reading);
    if (typeof bar !== "string") {
      return [bar];
    }
    faults.push(`line ${line.number}: ${bar}`);
    return [];
  });
  if (faults.length > 0) {
    const more =
      faults.length > MAX_NAMED_FAULTS ? [`and ${faults.length - MAX_NAMED_FAULTS} more lines`] : [];
    const named = [...faults.slice(0, MAX_NAMED_FAULTS), ...more].join("; ");
    throw new Error(`${file} cannot be used, nothing of it was taken: ${named}. Mend the file.`);
  }
  return toPriceTable(file, bars);
}

interface Reading {
  readonly columns: Columns;
  readonly slashes: SlashOrder;
  readonly hasDecimalComma: boolean;
}

/** A row as a bar, or what is wrong with it. */
function toBar({ cells }: Line, { columns, slashes, hasDecimalComma }: Reading): SymbolBar | string {
  const cell = (field: PriceField): string => cells[columns.get(field) ?? -1]?.trim() ?? "";
  const date = readDate(cell("date"), slashes);
  if (date === undefined) {
    return `"${cell("date")}" is no date that can be read for certain; write 2026-03-14`;
  }
  const symbol = cell("symbol");
  if (symbol === "") {
    return "the symbol is missing";
  }
  const faults: string[] = [];
  const number = (field: PriceField, isRequired: boolean): number | undefined => {
    const text = cell(field);
    if (text === "" && !isRequired) {
      return undefined;
    }
    const value = readNumber(text, hasDecimalComma);
    if (value !== undefined && (value > 0 || field === "volume")) {
      return value;
    }
    faults.push(text === "" ? `${field} is missing` : `${field} "${text}" is no number above zero`);
    return undefined;
  };
  const close = number("close", true);
  const rest = {
    open: number("open", false),
    high: number("high", false),
    low: number("low", false),
    volume: number("volume", false),
  };
  if (rest.high !== undefined && rest.low !== undefined && rest.high < rest.low) {
    faults.push(`high ${rest.high} is below low ${rest.low}`);
  }
  if (close === undefined || faults.length > 0) {
    return faults.join(", ");
  }
  const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { symbol, date, close, ...known };
}

function readLines(text: string, delimiter: string, file: string): Line[] {
  try {
    const records: unknown = parse(text, {
      bom: true,
      columns: false,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    });
    return Array.isArray(records) ? records.flatMap(toLine) : [];
  } catch (error) {
    if (!(error instanceof CsvError)) {
      throw error;
    }
    throw new Error(`${file} is no CSV file: ${error.message}.`, { cause: error });
  }
}

/** A record with its place in the file, as csv-parse gives it with `info`. */
function toLine(entry: {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}): Line {
  return { number: entry.info.lines, cells: entry.record };
}

/** What stands most often in the first line; a comma where nothing does. */
function findSeparator(text: string): string {
  const line = text.replace(/^\uFEFF?[\r\n]*/, "").split(/[\r\n]/, 1)[0] ?? "";
  const counts = SEPARATORS.map((separator) => line.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ",";
}
