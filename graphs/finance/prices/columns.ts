/** What a column of a price file can hold. */
export type PriceField = "date" | "symbol" | "open" | "high" | "low" | "close" | "volume";

/** Names under which price files give a column, the usual ones first; compared without case, spaces and marks. */
const NAMES: Readonly<Record<PriceField, readonly string[]>> = {
  date: ["date", "day", "tradedate", "tradingday", "datetime", "timestamp", "time", "asof"],
  symbol: ["symbol", "ticker", "instrument", "security", "stock", "asset", "code", "name"],
  open: ["open", "openprice", "opening", "o"],
  high: ["high", "highprice", "dayhigh", "h"],
  low: ["low", "lowprice", "daylow", "l"],
  close: [
    "close",
    "closeprice",
    "closingprice",
    "closing",
    "closelast",
    "last",
    "price",
    "adjclose",
    "adjustedclose",
    "c",
  ],
  volume: ["volume", "vol", "sharestraded", "v"],
};
const FIELDS: readonly PriceField[] = ["date", "symbol", "open", "high", "low", "close", "volume"];
const REQUIRED: readonly PriceField[] = ["date", "symbol", "close"];

/** At which position each field stands in a file's lines. */
export type Columns = ReadonlyMap<PriceField, number>;

/** Finds the columns by the names in the first line, in whatever order; throws where one that is needed is missing. */
export function findColumns(header: readonly string[], file: string): Columns {
  const given = header.map((name) => name.toLowerCase().replace(/[^a-z]/g, ""));
  const columns = new Map<PriceField, number>();
  for (const field of FIELDS) {
    const at = NAMES[field].map((name) => given.indexOf(name)).find((index) => index >= 0);
    if (at !== undefined) {
      columns.set(field, at);
    }
  }
  const missing = REQUIRED.filter((field) => !columns.has(field));
  if (missing.length > 0) {
    throw new Error(
      `${file} has no column for ${missing.join(", ")}. Its first line is "${header.join(",")}"; ` +
        "it must name date, symbol (or ticker) and close, and may name open, high, low and volume.",
    );
  }
  return columns;
}
