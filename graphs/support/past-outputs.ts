import type { PastStep, PlaybookRequest } from "langgraph-plan-execute";
import { z } from "zod";

const customersSchema = z.object({
  matches: z.array(z.object({ customer: z.string(), name: z.string(), email: z.string() })),
});
const ordersSchema = z.object({
  orders: z.array(
    z.object({
      order: z.string(),
      currency: z.string(),
      ordered: z.string(),
      delivered: z.string().nullable(),
      paid: z.number(),
      refunded: z.number(),
      items: z.array(z.object({ item: z.string(), name: z.string(), quantity: z.number() })),
    }),
  ),
  older: z.number(),
});
const policiesSchema = z.object({
  policies: z.array(
    z.object({
      category: z.string(),
      reason: z.enum(["damaged", "wrong_item", "changed_mind", "any"]),
      refundable: z.boolean(),
      windowDays: z.number().nullable(),
      feePercent: z.number().nullable(),
      maxWithoutManager: z.number().nullable(),
      note: z.string(),
    }),
  ),
});

/** An order as the look-ups show it. */
export type ShownOrder = z.infer<typeof ordersSchema>["orders"][number];

/** What is looked for. */
interface Wanted {
  readonly who?: string;
  readonly order?: string;
}

/** What the look-ups found. */
export interface LookUps {
  readonly customers: z.infer<typeof customersSchema>["matches"];
  readonly orders: readonly ShownOrder[];
  /** How many older orders there are. */
  readonly older: number;
}

/** The last step that called a tool. */
export function lastOf({ pastSteps }: PlaybookRequest, tool: string): PastStep | undefined {
  return pastSteps.findLast((step) => step.tool === tool);
}

/** What the look-ups found for a wish: the accounts, and their orders; undefined where they have not looked for it. */
export function lookUpsFor({ pastSteps }: PlaybookRequest, { who, order }: Wanted): LookUps | undefined {
  const histories = pastSteps.flatMap(({ tool, status, args, output }) => {
    const found = ordersSchema.safeParse(output);
    const isOne = tool === "order_history" && status === "done" && found.success;
    return isOne ? [{ who: args?.who, order: args?.order, ...found.data }] : [];
  });
  const history =
    histories.findLast((made) => made.who === who && made.order === order) ??
    // Another order of the same customer, which the look-up for the first one has shown.
    histories.findLast(
      (made) => (made.who === who || who === order) && made.orders.some((shown) => isNumber(shown, order)),
    );
  const account = pastSteps.findLast(
    ({ tool, status, args }) => tool === "find_customer" && status === "done" && args?.who === history?.who,
  );
  const customers = customersSchema.safeParse(account?.output);
  if (history === undefined || !customers.success) {
    return undefined;
  }
  return { customers: customers.data.matches, orders: history.orders, older: history.older };
}

/** Whether an order has this number. */
export function isNumber({ order }: ShownOrder, number: string | undefined): boolean {
  return order.toLowerCase() === number?.toLowerCase();
}

/** The rows of the policy that were found; undefined where none were looked for. */
export function policiesFound(request: PlaybookRequest) {
  return policiesSchema.safeParse(lastOf(request, "refund_policy")?.output).data?.policies;
}
