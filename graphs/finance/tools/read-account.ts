import { tool } from "@langchain/core/tools";
import { requesterOf } from "langgraph-plan-execute";
import { z } from "zod";
import type { PriceTable } from "../prices/price-table.js";
import { type Account, equityCentsOf, valueCentsOf } from "../trading/account.js";
import { withLedger } from "../trading/ledger.js";
import { deskFor, limitsFor, PRICES_SHAPE, readPrices, type SharedDesk } from "./desk.js";

const schema = z.object(PRICES_SHAPE);

/** The account as its reader sees it, in money. */
export const accountSchema = z.object({
  cash: z.number(),
  equity: z.number().describe("Cash and positions at the latest closes."),
  positions: z.array(
    z.object({ symbol: z.string(), quantity: z.number(), value: z.number(), share: z.number() }),
  ),
});

/** A tool that shows the paper account: `{ version? }` → `{ cash, equity, positions, limits }`. */
export function createAccountTool(desk: SharedDesk) {
  return tool(
    async ({ file, version }, runtime) => {
      const table = await readPrices(desk, { file, version });
      const account = await withLedger(deskFor(desk, requesterOf(runtime)), (ledger) => ledger.account());
      return { ...describeAccount(account, table), limits: { ...limitsFor(desk, runtime) } };
    },
    {
      name: "read_account",
      description:
        "Shows the paper account: cash, equity at the latest closes, positions, and the limits that hold for orders.",
      schema,
      metadata: { readOnly: true },
    },
  );
}

/** The account in money, its positions valued at the latest closes. */
export function describeAccount(account: Account, table: PriceTable): z.infer<typeof accountSchema> {
  const equity = equityCentsOf(account, table);
  return {
    cash: account.cashCents / 100,
    equity: equity / 100,
    positions: [...account.positions].map(([symbol, position]) => {
      const value = valueCentsOf(table, symbol, position);
      const share = Math.round((value / equity) * 10_000) / 10_000;
      return { symbol, quantity: position.quantity, value: value / 100, share };
    }),
  };
}
