import { tool } from "@langchain/core/tools";
import type { AgentTool } from "langgraph-plan-execute";
import { DateTime } from "luxon";
import { z } from "zod";
import type { Database } from "../shared/open-database.js";
import { checkRefund, checkRequestSchema } from "./check-refund.js";
import { makeRefund, REFUND_TOOL, refundSchema } from "./make-refund.js";
import { toAmount } from "./money.js";
import { type Customer, findCustomers, type Order, readCustomer, readOrdersOf } from "./orders.js";
import { readPolicies } from "./policy.js";
import { type RunFacts, readRunFacts } from "./run-facts.js";
import { type SupportFolders, withDatabase } from "./support-database.js";
import { maySee, type Viewer, viewerOf } from "./viewer.js";
import { replySchema, writeReply } from "./write-reply.js";

/** Where the tools find the shop's data, and which day it is. */
export interface SupportToolsOptions extends SupportFolders {
  /** The day, as "2026-11-21". @default the day on which the turn began */
  readonly today?: string;
}

const MOST_ORDERS = 8;
const who = z
  .string()
  .optional()
  .describe(
    "An e-mail address, a customer number or an order number. Left out: the customer who is logged in",
  );

/** The tools of a support desk: look-ups, the refund policy worked out, a reply, and the refund itself. */
export function createSupportTools(options: SupportToolsOptions): readonly AgentTool[] {
  const metadata = { readOnly: true };
  /** Works with the database for whoever asks. */
  const asked = <T>(
    config: unknown,
    work: (database: Database, viewer: Viewer, facts: RunFacts, asOf: string) => T,
  ) => {
    const facts = readRunFacts(config);
    const asOf = options.today ?? toDay(facts.startedAt);
    return withDatabase(options, (database) => work(database, viewerOf(database, facts), facts, asOf));
  };
  const findCustomer = tool(
    (input, config) =>
      asked(config, (database, viewer) => ({ matches: customersFor(database, viewer, input.who) })),
    {
      name: "find_customer",
      description:
        "Finds a customer's account. No match, or several, is no account: ask the customer instead of guessing.",
      schema: z.object({ who }),
      metadata,
    },
  );
  const orderHistory = tool(
    (input, config) =>
      asked(config, (database, viewer) => {
        const [customer, ...others] = customersFor(database, viewer, input.who);
        if (customer === undefined || others.length > 0) {
          return { orders: [], older: 0 };
        }
        const orders = readOrdersOf(database, customer.customer);
        const isNamed = ({ order }: Order) => order.toLowerCase() === input.order?.toLowerCase();
        const shown = [...orders.filter(isNamed), ...orders.filter((order) => !isNamed(order))].slice(
          0,
          MOST_ORDERS,
        );
        return { orders: shown.map(toShownOrder), older: orders.length - shown.length };
      }),
    {
      name: "order_history",
      description: `A customer's orders with items, delivery, amounts and what was refunded: the newest ${MOST_ORDERS}. Empty where the customer is not known, or is not one customer.`,
      schema: z.object({
        who,
        order: z.string().optional().describe("An order that must be among those shown, however old it is"),
      }),
      metadata,
    },
  );
  const refundPolicy = tool(
    ({ category }, config) =>
      asked(config, (database) => ({
        policies: readPolicies(database, category).map(({ maxCents, ...policy }) => ({
          ...policy,
          maxWithoutManager: maxCents === null ? null : toAmount(maxCents),
        })),
      })),
    {
      name: "refund_policy",
      description:
        "The rows of the refund policy. The row that names an item's category comes before the one for any, then the one that names the reason.",
      schema: z.object({ category: z.string().optional().describe("Only the rows that can hold for it") }),
      metadata,
    },
  );
  const checkTool = tool(
    (input, config) =>
      asked(config, (database, viewer, _facts, asOf) => checkRefund(database, viewer, input, asOf)),
    {
      name: "check_refund",
      description:
        "Works out what the refund policy allows for an order, or for items of it: amounts, fees, and why not. Changes nothing.",
      schema: checkRequestSchema,
      metadata,
    },
  );
  const refundTool = tool(
    (input, config) =>
      asked(config, (database, _viewer, facts, asOf) => makeRefund(database, facts, input, asOf)),
    {
      name: REFUND_TOOL,
      description:
        "Pays money back. Only after check_refund, with its amount and currency; a person is asked first. Never more than what is left of the order.",
      schema: refundSchema,
    },
  );
  const draftReply = tool((input) => writeReply(input), {
    name: "draft_reply",
    description:
      "Writes the message to the customer from the outputs of check_refund and refund: exact amounts, and the reasons for what is refused. Its output is the answer.",
    schema: replySchema,
    metadata: { ...metadata, output: "text" },
  });
  return [findCustomer, orderHistory, refundPolicy, checkTool, refundTool, draftReply];
}

function customersFor(database: Database, viewer: Viewer, asked: string | undefined): Customer[] {
  if (asked !== undefined) {
    return findCustomers(database, asked.trim()).filter(({ customer }) => maySee(viewer, customer));
  }
  const own = viewer.kind === "customer" ? [...viewer.customers] : [];
  return own.flatMap((customer) => readCustomer(database, customer) ?? []);
}

function toShownOrder({ lines, paidCents, refundedCents, leftCents, ...order }: Order) {
  return {
    ...order,
    paid: toAmount(paidCents),
    refunded: toAmount(refundedCents),
    left: toAmount(leftCents),
    items: lines.map(({ unitCents, refundedCents: refunded, ...line }) => ({
      ...line,
      unitPrice: toAmount(unitCents),
      refunded: toAmount(refunded),
    })),
  };
}

function toDay(time: string | undefined): string {
  const day = (time === undefined ? DateTime.utc() : DateTime.fromISO(time, { zone: "utc" })).toISODate();
  if (day === null) {
    throw new TypeError(`The turn's beginning, "${time}", is no ISO time.`);
  }
  return day;
}
