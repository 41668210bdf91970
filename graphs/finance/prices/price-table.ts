import { createHash } from "node:crypto";

/** The prices of one symbol on one day. */
export interface Bar {
  readonly date: string;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly close: number;
  readonly volume?: number;
}

/** All that a price file says: the bars of each symbol, oldest first. */
export interface PriceTable {
  /** The file's name. */
  readonly file: string;
  /** Stands for exactly these prices: how many rows, up to which day, and a hash of all of them. */
  readonly version: string;
  readonly series: ReadonlyMap<string, readonly Bar[]>;
}

/** The table of some bars; throws where a symbol has two on one day. */
export function toPriceTable(file: string, bars: readonly (Bar & { readonly symbol: string })[]): PriceTable {
  const series = new Map<string, Bar[]>();
  for (const { symbol, ...bar } of bars) {
    series.set(symbol, [...(series.get(symbol) ?? []), bar]);
  }
  const symbols = [...series.keys()].sort();
  const sorted = new Map(
    symbols.map((symbol) => [symbol, (series.get(symbol) ?? []).sort((a, b) => (a.date < b.date ? -1 : 1))]),
  );
  for (const [symbol, days] of sorted) {
    const twice = days.find((bar, at) => days[at + 1]?.date === bar.date);
    if (twice !== undefined) {
      throw new Error(`${file} has two rows for ${symbol} on ${twice.date}.`);
    }
  }
  return { file, version: toVersion(sorted, bars.length), series: sorted };
}

/** Not of the file's bytes: another order of the rows or the columns is no other price. */
function toVersion(series: PriceTable["series"], rows: number): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([...series]))
    .digest("hex")
    .slice(0, 12);
  const last = [...series.values()]
    .map((bars) => bars.at(-1)?.date ?? "")
    .sort()
    .at(-1);
  return `${rows} rows to ${last}, ${hash}`;
}

/** The bars of a symbol; throws where the file has none. */
export function barsOf(table: PriceTable, symbol: string): readonly Bar[] {
  const bars = table.series.get(symbol);
  if (bars !== undefined) {
    return bars;
  }
  const known = [...table.series.keys()];
  const named =
    known.length > 20 ? `${known.slice(0, 20).join(", ")} and ${known.length - 20} more` : known.join(", ");
  throw new Error(`${table.file} has no symbol "${symbol}". It has ${named}.`);
}

/** The newest bar of a symbol; throws where the file has none. */
export function latestBar(table: PriceTable, symbol: string): Bar {
  const bar = barsOf(table, symbol).at(-1);
  if (bar === undefined) {
    throw new Error(`${table.file} has no price of ${symbol}.`);
  }
  return bar;
}

/** Whether something was worked out from prices that are not those of the file any more: the words of the error. */
export const PRICES_CHANGED = "The prices have changed since";

/** Throws where prices that something rests on are not those of the file any more; says what is different. */
export function assertSamePrices(
  table: PriceTable,
  since: string,
  quote?: { readonly symbol: string; readonly price: number; readonly date: string },
): void {
  if (table.version === since) {
    return;
  }
  const now = quote === undefined ? undefined : table.series.get(quote.symbol)?.at(-1);
  const differs =
    quote === undefined
      ? ""
      : now === undefined
        ? ` ${quote.symbol} is not in it any more.`
        : now.close === quote.price && now.date === quote.date
          ? ` The latest close of ${quote.symbol} is the same (${now.close} on ${now.date}); other prices are not.`
          : ` ${quote.symbol} was ${quote.price} on ${quote.date} and is ${now.close} on ${now.date}.`;
  throw new Error(
    `${PRICES_CHANGED} this was worked out: ${table.file} had ${since}; it now has ${table.version}.${differs} ` +
      "Load the prices again, and work everything out anew.",
  );
}
