import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { findOpportunities } from "../trading/find-opportunities.js";
import { strategySchema } from "../trading/opportunity.js";
import { readSettings, SETTINGS_SHAPE } from "../trading/strategy-settings.js";
import { PRICES_SHAPE, pickSymbols, readPrices, type SharedDesk, SYMBOLS_SHAPE } from "./desk.js";

const schema = z.object({
  ...PRICES_SHAPE,
  ...SYMBOLS_SHAPE,
  strategies: z
    .array(strategySchema)
    .min(1)
    .describe(
      "rsi: oversold or overbought; macd: the line crossed its signal; crossover: the short moving average crossed the long one. Several must not contradict each other.",
    ),
  ...SETTINGS_SHAPE,
});

/** A tool that asks strategies: `{ strategies, version?, … }` → `{ version, strategies, opportunities, leftOut }`. */
export function createOpportunitiesTool(desk: SharedDesk) {
  return tool(
    async ({ file, version, symbols, strategies, ...given }) => {
      const table = await readPrices(desk, { file, version });
      const found = findOpportunities(table, pickSymbols(table, symbols), strategies, readSettings(given));
      return { version: table.version, strategies, ...found };
    },
    {
      name: "find_opportunities",
      description:
        "Finds what to buy or sell by one or several strategies, the strongest first, each with its reasons; and says why the other symbols were left out. Places nothing.",
      schema,
      metadata: { readOnly: true },
    },
  );
}
