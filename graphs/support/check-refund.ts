import { DateTime } from "luxon";
import { z } from "zod";
import type { Database } from "../shared/open-database.js";
import { amountSchema, percentOf, toAmount, toCents } from "./money.js";
import { type Order, type OrderLine, readCustomer, readOrder } from "./orders.js";
import { findPolicy, nameReason, type Policy, type Reason, readPolicies } from "./policy.js";
import { REASONS } from "./read-records.js";
import { SupportError } from "./support-error.js";
import { maySee, type Viewer } from "./viewer.js";

/** What a refund is asked for. */
export const refundRequestSchema = z.object({
  order: z.string().min(1).describe("The order's number"),
  items: z
    .array(
      z.object({
        item: z.string().describe('An item of the order, as order_history names it: "1042-1"'),
        quantity: z.int().positive().optional().describe("How many of it. Left out: all"),
      }),
    )
    .min(1)
    .optional()
    .describe("What of the order it is about. Left out: all of it"),
  reason: z
    .enum(REASONS)
    .describe(
      "damaged: broken or defective; wrong_item: not what was ordered; changed_mind: a return without a fault",
    ),
});

/** What a refund is asked for. */
export type RefundRequest = z.infer<typeof refundRequestSchema>;

/** A refund request as it is checked: it may ask for a part of the money only. */
export const checkRequestSchema = refundRequestSchema.extend({
  amount: amountSchema
    .optional()
    .describe("What is asked for, where it is less than all that the policy allows"),
});

/** What comes of a check. */
export const refundCheckSchema = z.object({
  order: z.string(),
  customer: z.string(),
  name: z.string(),
  currency: z.string(),
  reason: z.enum(REASONS),
  asOf: z.string().describe("The day on which the customer asked"),
  refundable: z.boolean(),
  amount: z.number().describe("What is to be refunded"),
  allowed: z.number().describe("The most that the policy allows now"),
  lines: z.array(
    z.object({
      item: z.string(),
      name: z.string(),
      quantity: z.number(),
      paid: z.number(),
      fee: z.number(),
      alreadyRefunded: z.number().describe("Of the whole line, whatever its quantity"),
      amount: z.number(),
      why: z.string(),
    }),
  ),
  paid: z.number(),
  alreadyRefunded: z.number(),
  leftOfOrder: z.number(),
  maxWithoutManager: z.number().nullable(),
  needsManager: z.boolean(),
});

/** What comes of a check. */
export type RefundCheck = z.infer<typeof refundCheckSchema>;

/** Works out what the policy's rows allow for a request that was made on a day. */
export function checkRefund(
  database: Database,
  viewer: Viewer,
  request: z.infer<typeof checkRequestSchema>,
  asOf: string,
): RefundCheck {
  const order = orderFor(database, viewer, request.order);
  const policies = readPolicies(database);
  const judged = linesOf(order, request).map(({ line, quantity }) => {
    const policy = findPolicy(policies, line.category, request.reason);
    return { ...judgeLine(order, line, quantity, policy, request.reason, asOf), policy };
  });
  const sum = judged.reduce((total, { cents }) => total + cents, 0);
  const allowed = Math.min(sum, order.leftCents);
  const cents = request.amount === undefined ? allowed : Math.min(allowed, toCents(request.amount));
  // Several rows hold at once where an order mixes categories: the strictest counts, what is refused does not.
  const limits = judged.flatMap(({ policy, cents: ofLine }) => (ofLine > 0 ? (policy?.maxCents ?? []) : []));
  const maxCents = limits.length === 0 ? null : Math.min(...limits);
  return {
    order: order.order,
    customer: order.customer,
    name: readCustomer(database, order.customer)?.name ?? "",
    currency: order.currency,
    reason: request.reason,
    asOf,
    refundable: cents > 0,
    amount: toAmount(cents),
    allowed: toAmount(allowed),
    lines: judged.map(({ line }) => line),
    paid: toAmount(order.paidCents),
    alreadyRefunded: toAmount(order.refundedCents),
    leftOfOrder: toAmount(order.leftCents),
    maxWithoutManager: maxCents === null ? null : toAmount(maxCents),
    needsManager: maxCents !== null && cents > maxCents,
  };
}

/** The order, for those who may see it; for everybody else it is not there. */
export function orderFor(database: Database, viewer: Viewer, number: string): Order {
  const order = readOrder(database, number);
  if (order !== undefined && maySee(viewer, order.customer)) {
    return order;
  }
  throw new SupportError(`There is no order ${number}. Ask the customer for the order's number.`);
}

/** The lines that a request is about, and how many of each. */
export function linesOf(
  order: Order,
  { items }: RefundRequest,
): { readonly line: OrderLine; readonly quantity: number }[] {
  if (items === undefined) {
    return order.lines.map((line) => ({ line, quantity: line.quantity }));
  }
  if (new Set(items.map(({ item }) => item)).size < items.length) {
    throw new SupportError("An item is named twice. Name each once, with its quantity.");
  }
  return items.map(({ item, quantity }) => {
    const line = order.lines.find((known) => known.item === item);
    if (line === undefined) {
      const known = order.lines.map(({ item: code, name }) => `${code} (${name})`).join(", ");
      throw new SupportError(`Order ${order.order} has no item "${item}". It has ${known}.`);
    }
    if (quantity !== undefined && quantity > line.quantity) {
      throw new SupportError(
        `Order ${order.order} has ${line.quantity} of ${item} (${line.name}), not ${quantity}.`,
      );
    }
    return { line, quantity: quantity ?? line.quantity };
  });
}

function judgeLine(
  order: Order,
  line: OrderLine,
  quantity: number,
  policy: Policy | undefined,
  reason: Reason,
  asOf: string,
): { readonly cents: number; readonly line: RefundCheck["lines"][number] } {
  const paid = quantity * line.unitCents;
  const refusal = refuse(order, line, policy, reason, asOf);
  const percent = policy?.feePercent ?? 0;
  const withoutFee = (cents: number) => cents - percentOf(cents, percent);
  const leftOfLine = Math.max(0, withoutFee(line.quantity * line.unitCents) - line.refundedCents);
  const cents = refusal === undefined ? Math.min(withoutFee(paid), leftOfLine) : 0;
  const isUsedUp = refusal === undefined && cents === 0;
  const shown = {
    item: line.item,
    name: line.name,
    quantity,
    paid: toAmount(paid),
    fee: toAmount(refusal === undefined ? percentOf(paid, percent) : 0),
    alreadyRefunded: toAmount(line.refundedCents),
    amount: toAmount(cents),
  };
  const why =
    refusal ??
    (isUsedUp ? "all that can be refunded of it was refunded before" : allow(order, policy, reason, asOf));
  return { cents, line: { ...shown, why } };
}

/** Why a line is not refunded; undefined where it is. */
function refuse(
  { delivered }: Order,
  { category }: OrderLine,
  policy: Policy | undefined,
  reason: Reason,
  asOf: string,
): string | undefined {
  if (policy === undefined) {
    return `no policy holds for ${nameReason(reason)} of the category ${category}`;
  }
  if (!policy.refundable) {
    return policy.note === ""
      ? `our policy excludes ${nameReason(reason)} of the category ${category}`
      : trimEnd(policy.note);
  }
  if (delivered === null || daysBetween(delivered, asOf) < 0) {
    return "it has not been delivered yet";
  }
  const days = daysBetween(delivered, asOf);
  const window = policy.windowDays ?? 0;
  if (days <= window) {
    return undefined;
  }
  return `it was delivered on ${delivered}, ${countDays(days)} before you asked, and ${nameReason(reason)} can be refunded within ${countDays(window)}`;
}

function allow({ delivered }: Order, policy: Policy | undefined, reason: Reason, asOf: string): string {
  const days = countDays(daysBetween(delivered ?? asOf, asOf));
  return `delivered on ${delivered}, ${days} before the request; ${nameReason(reason)} can be refunded within ${countDays(policy?.windowDays ?? 0)}`;
}

/** Calendar days: a window of 30 days that begins on the 2nd ends with the 1st or 2nd of the next month. */
function daysBetween(from: string, to: string): number {
  const day = (text: string) => DateTime.fromISO(text, { zone: "utc" });
  return Math.round(day(to).diff(day(from), "days").days);
}

function countDays(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

function trimEnd(sentence: string): string {
  return sentence.replace(/[.\s]+$/, "");
}
