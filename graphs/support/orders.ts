import { z } from "zod";
import type { Database } from "../shared/open-database.js";

const customerSchema = z.object({ customer: z.string(), name: z.string(), email: z.string() });
const orderSchema = z.object({
  order: z.string(),
  customer: z.string(),
  currency: z.string(),
  ordered: z.string(),
  delivered: z.string().nullable(),
});
const lineSchema = z.object({
  item: z.string(),
  name: z.string(),
  category: z.string(),
  quantity: z.number(),
  unitCents: z.number(),
  refundedCents: z.number(),
});

/** A customer's account. */
export type Customer = z.infer<typeof customerSchema>;
/** A line of an order: how many of what, what one costs, and what was refunded of it. */
export type OrderLine = z.infer<typeof lineSchema>;
/** An order with its lines, what was paid, and what was refunded of it. */
export type Order = z.infer<typeof orderSchema> & {
  readonly lines: readonly OrderLine[];
  readonly paidCents: number;
  readonly refundedCents: number;
  readonly leftCents: number;
};

/** The customers who are known by an e-mail address, a customer number or an order number. */
export function findCustomers(database: Database, who: string): Customer[] {
  return database
    .prepare(
      `select customer, name, email from customers where customer = ? collate nocase or email = ? collate nocase
       or customer in (select customer from orders where "order" = ? collate nocase) order by customer`,
    )
    .all(who, who, who)
    .map((row) => customerSchema.parse(row));
}

/** A customer by number. */
export function readCustomer(database: Database, customer: string): Customer | undefined {
  const row = database
    .prepare("select customer, name, email from customers where customer = ?")
    .get(customer);
  return row === undefined ? undefined : customerSchema.parse(row);
}

/** A customer's orders, the newest first. */
export function readOrdersOf(database: Database, customer: string): Order[] {
  return database
    .prepare('select * from orders where customer = ? order by ordered desc, "order" desc')
    .all(customer)
    .map((row) => toOrder(database, orderSchema.parse(row)));
}

/** An order by its number. */
export function readOrder(database: Database, order: string): Order | undefined {
  const row = database.prepare('select * from orders where "order" = ? collate nocase').get(order);
  return row === undefined ? undefined : toOrder(database, orderSchema.parse(row));
}

function toOrder(database: Database, order: z.infer<typeof orderSchema>): Order {
  const lines = database
    .prepare(
      `select item, name, category, quantity, unit_cents as unitCents, (
         select coalesce(sum(refund_items.cents), 0) from refund_items join refunds using (key)
         where refunds."order" = order_items."order" and refund_items.item = order_items.item
       ) as refundedCents from order_items where "order" = ? order by position`,
    )
    .all(order.order)
    .map((row) => lineSchema.parse(row));
  const paidCents = lines.reduce((sum, { quantity, unitCents }) => sum + quantity * unitCents, 0);
  const refunded = database
    .prepare('select coalesce(sum(cents), 0) as cents from refunds where "order" = ?')
    .get(order.order);
  const refundedCents = Number(refunded?.cents);
  return { ...order, lines, paidCents, refundedCents, leftCents: Math.max(0, paidCents - refundedCents) };
}
