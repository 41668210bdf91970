// One refund is one transaction, in which nobody else writes. In it all is judged anew: what was checked, or shown to
// a person, may be days old.
//
// (1) Once for each idempotency key: a call that is made again gives what it gave, and does nothing.
// (2) Never more than what is left of what was paid for the order, nor of the items that it names.
// (3) Never without a person who decided on this very call; where the server knows its users, one of the staff.
// (4) Above the maximum of the policy's row, or above what the policy allows, only by a manager's word.
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Database } from "../shared/open-database.js";
import { checkRefund, linesOf, orderFor, refundRequestSchema } from "./check-refund.js";
import { amountSchema, formatMoney, toAmount, toCents } from "./money.js";
import type { Order, OrderLine } from "./orders.js";
import type { RunDecision, RunFacts } from "./run-facts.js";
import { SupportError } from "./support-error.js";
import { roleOf, viewerOf } from "./viewer.js";

/** The name of the tool that refunds. */
export const REFUND_TOOL = "refund";

/** A refund as it is made. */
export const refundSchema = refundRequestSchema.extend({
  amount: amountSchema.describe("What is paid back, in the order's currency, as check_refund gives it"),
  currency: z.string().describe("The order's currency, as check_refund gives it"),
});

/** A refund that was made. */
export const madeRefundSchema = z.object({
  order: z.string(),
  amount: z.number(),
  currency: z.string(),
  madeOn: z.string(),
  leftOfOrder: z.number(),
});

type Refund = z.infer<typeof refundSchema>;
type MadeRefund = z.infer<typeof madeRefundSchema>;

/** Makes a refund, or throws a `SupportError` that says why it is not made; see the head of the file. */
export function makeRefund(database: Database, facts: RunFacts, refund: Refund, asOf: string): MadeRefund {
  const { idempotencyKey: key } = facts;
  if (key === undefined) {
    throw new SupportError(
      "A refund needs an idempotency key: let the agent call this tool, as a step of a plan.",
    );
  }
  return database.transaction(() => {
    const before = madeBefore(database, key, refund);
    if (before !== undefined) {
      return before;
    }
    const viewer = viewerOf(database, facts);
    const order = orderFor(database, viewer, refund.order);
    const approver = approverOf(database, facts, refund);
    const cents = toCents(refund.amount);
    assertPayable(order, refund, cents);
    if (approver.role !== "manager") {
      assertWithinPolicy(database, facts, refund, asOf);
    }
    const { order: number, customer, currency } = order;
    database
      .prepare("insert into refunds values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(
        key,
        number,
        customer,
        cents,
        currency,
        refund.reason,
        JSON.stringify(refund),
        asOf,
        approver.name ?? null,
      );
    for (const { item, cents: share } of toShares(order, refund, cents)) {
      database.prepare("insert into refund_items values (?, ?, ?)").run(key, item, share);
    }
    return {
      order: number,
      amount: refund.amount,
      currency,
      madeOn: asOf,
      leftOfOrder: toAmount(order.leftCents - cents),
    };
  });
}

function madeBefore(database: Database, key: string, refund: Refund): MadeRefund | undefined {
  const row = database.prepare("select request, made_on from refunds where key = ?").get(key);
  if (row === undefined) {
    return undefined;
  }
  const made = refundSchema.parse(JSON.parse(String(row.request)));
  if (!isDeepStrictEqual(made, refund)) {
    throw new SupportError(
      `This step has refunded ${formatMoney(made.amount, made.currency)} of order ${made.order} before. Another refund needs another step.`,
    );
  }
  const paid = database
    .prepare('select coalesce(sum(quantity * unit_cents), 0) as cents from order_items where "order" = ?')
    .get(made.order);
  const refunded = database
    .prepare('select sum(cents) as cents from refunds where "order" = ?')
    .get(made.order);
  const left = Math.max(0, Number(paid?.cents) - Number(refunded?.cents));
  const { order, amount, currency } = made;
  return { order, amount, currency, madeOn: String(row.made_on), leftOfOrder: toAmount(left) };
}

function approverOf(database: Database, { decisions, user }: RunFacts, refund: Refund) {
  const decision = decisions.find((made) => isOn(made, refund));
  if (decision === undefined) {
    throw new SupportError("A refund needs the word of a person on this very call. Put it behind approval.");
  }
  const { by: name } = decision;
  const role = name === undefined ? undefined : roleOf(database, name, user);
  if (user !== undefined && role === undefined) {
    throw new SupportError(
      `A refund is decided by the staff, and ${name ?? "who approved it"} is not on it (staff.csv).`,
    );
  }
  return { name, role };
}

function isOn({ type, isVoid, tool, args, shown }: RunDecision, refund: Refund): boolean {
  if (type === "reject" || isVoid || (tool ?? shown?.tool) !== REFUND_TOOL) {
    return false;
  }
  const call = refundSchema.safeParse(args ?? shown?.args);
  return call.success && isDeepStrictEqual(call.data, refund);
}

function assertPayable(order: Order, refund: Refund, cents: number): void {
  const { currency } = order;
  if (refund.currency !== currency) {
    throw new SupportError(`Order ${order.order} was paid in ${currency}, not in ${refund.currency}.`);
  }
  const ofLines = linesOf(order, refund).map(({ line }) => leftOfLine(line));
  const left = Math.min(
    order.leftCents,
    ofLines.reduce((sum, ofLine) => sum + ofLine, 0),
  );
  if (cents <= left) {
    return;
  }
  const what = refund.items === undefined ? "" : ` (${refund.items.map(({ item }) => item).join(", ")})`;
  const rest = left === 0 ? "nothing" : `only ${formatMoney(toAmount(left), currency)}`;
  throw new SupportError(
    `${formatMoney(refund.amount, currency)} cannot be refunded: of order ${order.order}${what}, ${rest} is left to refund.`,
  );
}

function leftOfLine({ quantity, unitCents, refundedCents }: OrderLine): number {
  return Math.max(0, quantity * unitCents - refundedCents);
}

function assertWithinPolicy(database: Database, facts: RunFacts, refund: Refund, asOf: string): void {
  const { amount, ...request } = refund;
  const { currency, allowed, maxWithoutManager } = checkRefund(
    database,
    viewerOf(database, facts),
    request,
    asOf,
  );
  const money = (value: number) => formatMoney(value, currency);
  if (amount > allowed) {
    throw new SupportError(
      `${money(amount)} is more than the ${money(allowed)} that the policy allows: that needs the word of a manager (staff.csv).`,
    );
  }
  if (maxWithoutManager !== null && amount > maxWithoutManager) {
    throw new SupportError(
      `${money(amount)} is above the ${money(maxWithoutManager)} that can be refunded without a manager (staff.csv).`,
    );
  }
}

/** Says of which lines the money is: of those that the refund names, one after the other, as far as it goes. */
function toShares(
  order: Order,
  refund: Refund,
  cents: number,
): { readonly item: string; readonly cents: number }[] {
  let open = cents;
  return linesOf(order, refund).flatMap(({ line }) => {
    const share = Math.min(open, leftOfLine(line));
    open -= share;
    return share > 0 ? [{ item: line.item, cents: share }] : [];
  });
}
