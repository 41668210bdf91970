import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { latestBar } from "../prices/price-table.js";
import { PRICES_SHAPE, pickSymbols, readPrices, type SharedDesk, SYMBOLS_SHAPE } from "./desk.js";

const schema = z.object({
  file: PRICES_SHAPE.file,
  ...SYMBOLS_SHAPE,
  before: z
    .string()
    .optional()
    .describe("The older version, where they are loaded again because they changed."),
});

/** A tool that reads a price file: `{ file?, symbols? }` → `{ file, version, rows, from, to, symbols }`. */
export function createLoadPricesTool(desk: SharedDesk) {
  return tool(
    async ({ file, symbols, before }) => {
      const table = await readPrices(desk, { file });
      const picked = pickSymbols(table, symbols);
      const dates = [...table.series.values()].flatMap((bars) => bars.map(({ date }) => date)).sort();
      return {
        file: table.file,
        version: table.version,
        ...(before === undefined ? {} : { changed: before !== table.version }),
        rows: dates.length,
        from: dates[0],
        to: dates.at(-1),
        symbols: picked.map((symbol) => {
          const { close, date } = latestBar(table, symbol);
          return { symbol, days: table.series.get(symbol)?.length ?? 0, close, date };
        }),
      };
    },
    {
      name: "load_prices",
      description:
        "Reads and checks a CSV file of prices. Gives its name, the version that stands for exactly these prices, and each symbol with its days and latest close. Comes first; a broken row is an error.",
      schema,
      metadata: { readOnly: true },
    },
  );
}
