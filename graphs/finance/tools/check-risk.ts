import { tool } from "@langchain/core/tools";
import { requesterOf } from "langgraph-plan-execute";
import { z } from "zod";
import { equityCentsOf } from "../trading/account.js";
import { withLedger } from "../trading/ledger.js";
import type { RiskLimits } from "../trading/limits.js";
import { opportunitySchema } from "../trading/opportunity.js";
import { sizeOrders } from "../trading/size-orders.js";
import { deskFor, limitsFor, PRICES_SHAPE, readPrices, type SharedDesk } from "./desk.js";

const share = z.number().gt(0).max(1).optional();
const schema = z.object({
  ...PRICES_SHAPE,
  opportunities: z
    .array(opportunitySchema)
    .describe("What find_opportunities found, or what the person wants."),
  maxPosition: share.describe(
    "Largest share of the equity in one symbol, 0.1 for 10 %. Can only be tighter than the graph's.",
  ),
  riskLimit: share.describe(
    "Largest share of the equity that one symbol may lose in a fall of two average true ranges.",
  ),
  quantity: z
    .int()
    .min(1)
    .optional()
    .describe("How many shares of each; left out: as many as the limits allow."),
  sides: z
    .array(z.enum(["buy", "sell"]))
    .optional()
    .describe("Only buys, or only sales; left out: both."),
  except: z
    .array(z.string())
    .optional()
    .describe("Symbols that get no order: placed already, or not wanted."),
});

/** A tool that makes orders which keep the limits: `{ opportunities, … }` → `{ orders, cut, refused, limits, equity }`. */
export function createRiskTool(desk: SharedDesk) {
  return tool(
    async ({ file, version, opportunities, quantity, sides, except = [], ...given }, runtime) => {
      const table = await readPrices(desk, { file, version });
      const limits = tighter(limitsFor(desk, runtime), given);
      const wanted = opportunities
        .filter(({ symbol, side }) => !except.includes(symbol) && (sides?.includes(side) ?? true))
        .map((opportunity) => ({ quantity, ...opportunity }));
      const account = await withLedger(deskFor(desk, requesterOf(runtime)), (ledger) => ledger.account());
      const sized = sizeOrders(wanted, { account, table, limits });
      const equity = equityCentsOf(account, table) / 100;
      return {
        version: table.version,
        equity,
        cash: account.cashCents / 100,
        limits: { ...limits },
        ...sized,
      };
    },
    {
      name: "check_risk",
      description:
        "Makes orders of opportunities by the risk policy: each as large as maxPosition, riskLimit and cash allow, or cut to that, or refused, with the reason. Places nothing; place_order is called for each of its orders, exactly as they are.",
      schema,
      metadata: { readOnly: true },
    },
  );
}

function tighter(
  limits: RiskLimits,
  given: { readonly maxPosition?: number; readonly riskLimit?: number },
): RiskLimits {
  return {
    maxPosition: Math.min(limits.maxPosition, given.maxPosition ?? 1),
    riskLimit: Math.min(limits.riskLimit, given.riskLimit ?? 1),
  };
}
