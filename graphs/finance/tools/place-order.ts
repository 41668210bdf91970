import { tool } from "@langchain/core/tools";
import { requesterOf } from "langgraph-plan-execute";
import { z } from "zod";
import { toCents, toMoney } from "../trading/account.js";
import { assertQuote } from "../trading/assert-quote.js";
import { refuseOrder } from "../trading/judge-order.js";
import { type PlacedOrder, withLedger } from "../trading/ledger.js";
import { orderSchema } from "../trading/opportunity.js";
import { type Desk, deskFor, keyOf, limitsFor, type SharedDesk } from "./desk.js";

/** The name of the tool that waits for a person. */
export const PLACE_ORDER = "place_order";

/**
 * A tool that places an order on the paper ledger, once for its step. It trusts nobody: neither the plan nor an edited
 * approval can name a price that is not the latest close, or a quantity above the limits.
 */
export function createOrderTool(desk: SharedDesk) {
  // Orders enter the ledger in the order in which they were asked for, however long a file takes to be read.
  let last: Promise<unknown> = Promise.resolve();
  return tool(
    (order, runtime) => {
      const place = async () => {
        const by = keyOf(runtime);
        const own = deskFor(desk, requesterOf(runtime));
        const before = await withLedger(own, (ledger) => ledger.find(by.key, order));
        if (before !== undefined) {
          return toOutput(before);
        }
        const table = await desk.prices.read(order.file);
        assertQuote(table, order);
        const limits = limitsFor(desk, runtime);
        const placed = await withLedger(own, (ledger) =>
          ledger.place(order, by, (account) => refuseOrder(order, { account, table, limits })),
        );
        return toOutput(placed);
      };
      const placing = last.then(place);
      last = placing.catch(() => {});
      return placing;
    },
    {
      name: PLACE_ORDER,
      description:
        "Places one order of check_risk, unchanged, on the paper ledger. Each waits for a person. Refused where it breaks a limit; fails where the prices changed: then load them again and work everything out anew.",
      schema: orderSchema,
    },
  );
}

/** Why an order may not be placed as things are now: asked before a person is asked about it. */
export async function whyRefused(desk: Desk, args: unknown, state: unknown): Promise<string | undefined> {
  const order = orderSchema.parse(args);
  try {
    const table = await desk.prices.read(order.file);
    assertQuote(table, order);
    const account = await withLedger(desk, (ledger) => ledger.account());
    return refuseOrder(order, { account, table, limits: limitsFor(desk, { state }) });
  } catch (error) {
    if (error instanceof Error) {
      return error.message;
    }
    throw error;
  }
}

/** An order in a sentence, as the person who decides on it reads it. */
export function describeOrder(args: unknown): string {
  const order = orderSchema.parse(args);
  const verb = order.side === "buy" ? "Buy" : "Sell";
  return `${verb} ${order.quantity} ${order.symbol} at ${order.price}, the close of ${order.date}: ${toMoney(toCents(order.quantity * order.price))} in all, on the paper ledger.`;
}

/** An order that was placed, as outputs show it. */
export const placedSchema = z.object({
  order: z.number(),
  symbol: z.string(),
  side: z.string(),
  quantity: z.number(),
  price: z.number(),
  value: z.number(),
  cashAfter: z.number(),
});

/** An order that was placed, as outputs show it. */
export function toOutput(placed: PlacedOrder): z.infer<typeof placedSchema> {
  const { id, symbol, side, quantity, price, valueCents, cashCentsAfter } = placed;
  return {
    order: id,
    symbol,
    side,
    quantity,
    price,
    value: valueCents / 100,
    cashAfter: cashCentsAfter / 100,
  };
}
