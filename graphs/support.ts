// A support desk in one file: it looks an order up, works out what the refund policy allows, pays it back once a person
// has agreed, and writes to the customer.
//
// - Which call waits for a person? `refund`, always: see WAITING at the end. The customer never decides, and `payBack`
//   looks again at who did.
// - What makes the plan change? An output that fails its check (see UNEXPECTED), a refund that is rejected or that fails,
//   and what the customer adds: INSTRUCTIONS say what to do then.
// - Where is the money counted? In `payBack`, in whole cents, in one transaction, once for each idempotency key.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { parse } from "csv-parse/sync";
import {
  type ApprovalRule,
  approvalOf,
  createPlanExecuteAgent,
  type OutputCheck,
  type PlanExecuteAgent,
  requesterOf,
  type SavedPlan,
} from "langgraph-plan-execute";
import { z } from "zod";
import { type FieldGraphOptions, servedFolder, takeFolders } from "./shared/folders.js";
import { mergeOptions, namedRules } from "./shared/merge-options.js";
import { type Database, openDatabase } from "./shared/open-database.js";

// 1. The shop: five CSV files, read into tables at each call, and the ledger of refunds, which stays.

const TABLES = `
  pragma temp_store = memory;
  create table if not exists refunds (
    key text, "order" text, item text, cents integer check (cents > 0), day text, decided_by text,
    primary key (key, item));
  create temp table customers (customer text primary key, name text not null, email text not null);
  create temp table orders ("order" text primary key, customer text not null, currency text not null,
    ordered text not null, delivered text check (delivered = date(delivered)));
  create temp table items ("order" text not null, item text primary key, name text not null, category text not null,
    quantity integer not null check (quantity > 0), unit_price real not null check (unit_price > 0),
    paid_cents integer as (cast(round(quantity * unit_price * 100) as integer)));
  create temp table policies (category text not null, reason text not null,
    refundable text not null check (refundable in ('yes', 'no')), window_days integer, fee_percent real,
    note text, primary key (category, reason),
    check (refundable = 'no' or window_days is not null));
  create temp table staff (identity text primary key, name text not null, role text not null);`;

interface Folders {
  readonly data: string;
  readonly workspace: string;
}

/** Opens the shop for one piece of work. */
async function withShop<Result>(folders: Folders, work: (shop: Database) => Result): Promise<Result> {
  const shop = await openDatabase(join(folders.workspace, "support.db"));
  try {
    shop.exec(TABLES);
    for (const table of ["customers", "orders", "items", "policies", "staff"]) {
      const text = readFileSync(join(folders.data, `${table}.csv`));
      const rows: unknown = parse(text, { bom: true, columns: true, skip_empty_lines: true, trim: true });
      for (const row of z.array(z.record(z.string(), z.string())).parse(rows)) {
        const columns = Object.keys(row).map((name) => `"${name.replaceAll('"', "")}"`);
        const values = columns.map(() => "nullif(?, '')");
        shop.prepare(`insert into ${table} (${columns}) values (${values})`).run(...Object.values(row));
      }
    }
    return work(shop);
  } finally {
    shop.close();
  }
}

/** What cannot be done. The same call would fail again, so the agent does not retry it. */
class Refusal extends Error {
  readonly retryable = false;
}

// 2. Who asks. Where the server knows its users, a customer sees what is theirs, and the staff see everything. Where
// it knows nobody (a program, the command line), whoever runs the graph sees everything.

/** Above this much, a manager has to approve. A run or an assistant may set less, and not more. */
const MANAGER_ABOVE_CENTS = 200_00;
const contextFields = z.object({
  managerAboveCents: z
    .int()
    .min(0)
    .max(MANAGER_ABOVE_CENTS)
    .default(MANAGER_ABOVE_CENTS)
    .meta({ title: "Manager above (cents)", description: "Refunds above this wait for a manager's word." }),
});

type Run = ReturnType<typeof readRun>;
const runSchema = z.object({
  configurable: z.looseObject({ idempotency_key: z.string().optional() }).default({}),
  context: z.preprocess((given) => given ?? {}, contextFields),
  state: z.object({ turn: z.object({ startedAt: z.string() }) }).optional(),
});

/** Reads what a tool is told of the run that calls it. */
function readRun(config: unknown) {
  const { configurable, context, state } = runSchema.parse(config);
  return {
    ...requesterOf({ configurable }),
    key: configurable.idempotency_key,
    approval: approvalOf({ configurable }),
    managerAboveCents: context.managerAboveCents,
    // The day on which the customer asked: while a person thinks it over, no time runs out.
    day: (state?.turn.startedAt ?? new Date().toISOString()).slice(0, 10),
  };
}

/** Somebody's role on the staff: by staff.csv, or by the permissions that the server gave the run's own user. */
function roleOf(shop: Database, { userId, user }: Run, name: string): string | undefined {
  const role = shop.prepare("select role from staff where identity = ?").get(name)?.role;
  const permissions = z.array(z.string()).safeParse(name === userId ? user?.permissions : []).data ?? [];
  return role?.toString() ?? ["manager", "staff"].find((permission) => permissions.includes(permission));
}

/** Whether the one who asks may see a customer's data. */
function maySee(shop: Database, run: Run, customer: string): boolean {
  const { userId } = run;
  if (userId === undefined || roleOf(shop, run, userId) !== undefined) {
    return true;
  }
  const isOwn = "select 1 from customers where customer = ? and (customer = ? or email = ? collate nocase)";
  return shop.prepare(isOwn).get(customer, userId, userId) !== undefined;
}

// 3. The policy. It only reads: what an order's lines come to, each by the row that fits it best.

const REASONS = ["damaged", "wrong", "unwanted"] as const;
const requestSchema = z.object({
  order: z.string().describe("The order's number"),
  item: z.string().nullish().describe('One item of it, such as "1042-1". null: the whole order'),
  reason: z
    .enum(REASONS)
    .describe("damaged; wrong: not what was ordered; unwanted: a return without a fault"),
});
const checkSchema = z.object({
  order: z.string(),
  name: z.string(),
  currency: z.string(),
  refundable: z.boolean(),
  cents: z.number().describe("What the policy allows now"),
  refundedBeforeCents: z.number(),
  needsManager: z.boolean().describe("Whether it is above what the rest of the staff may approve"),
  lines: z.array(z.object({ item: z.string(), name: z.string(), cents: z.number(), why: z.string() })),
});

const LINES = `
  select items.item, items.name, paid_cents, julianday(:day) - julianday(delivered) as days,
    refundable, window_days, fee_percent, note,
    (select coalesce(sum(cents), 0) from refunds where refunds.item = items.item) as before_cents
  from items join orders using ("order") left join policies on policies.rowid = (
    select rowid from policies where category in (items.category, 'any') and reason in (:reason, 'any')
    order by category = 'any', reason = 'any' limit 1)
  where "order" = :order and item = coalesce(:item, item) order by items.rowid`;
const lineSchema = z.object({
  item: z.string(),
  name: z.string(),
  paid_cents: z.number(),
  days: z.number().nullable(),
  refundable: z.string().nullable(),
  window_days: z.number().nullable(),
  fee_percent: z.number().nullable(),
  note: z.string().nullable(),
  before_cents: z.number(),
});

/** An order that the one who asks may see. For everybody else it is not there. */
function readOrder(shop: Database, run: Run, number: string) {
  const order = shop
    .prepare('select customer, name, currency from orders join customers using (customer) where "order" = ?')
    .get(number);
  if (order === undefined || !maySee(shop, run, String(order.customer))) {
    throw new Refusal(`There is no order ${number}. Ask the customer for the order's number.`);
  }
  return { name: String(order.name), currency: String(order.currency) };
}

type Request = z.infer<typeof requestSchema>;
type Check = z.infer<typeof checkSchema>;

function checkRefund(shop: Database, run: Run, { order, item = null, reason }: Request): Check {
  const { name, currency } = readOrder(shop, run, order);
  const found = shop.prepare(LINES).all({ order, item, reason, day: run.day });
  if (found.length === 0) {
    throw new Refusal(`Order ${order} has no item ${item}. Look at its items with find_orders.`);
  }
  const rows = z.array(lineSchema).parse(found);
  const lines = rows.map((row) => ({ item: row.item, name: row.name, ...judge(row) }));
  const cents = lines.reduce((sum, line) => sum + line.cents, 0);
  const refundedBeforeCents = rows.reduce((sum, { before_cents }) => sum + before_cents, 0);
  const needsManager = cents > run.managerAboveCents;
  return { order, name, currency, refundable: cents > 0, cents, refundedBeforeCents, needsManager, lines };
}

/** What is paid back of one line, and why it is that much. */
function judge(line: z.infer<typeof lineSchema>): { readonly cents: number; readonly why: string } {
  const { refundable, days, window_days: window, paid_cents: paid, fee_percent: percent, note } = line;
  if (refundable !== "yes") {
    return { cents: 0, why: note ?? "Our policy does not allow it." };
  }
  if (days === null || days < 0) {
    return { cents: 0, why: "It has not been delivered yet." };
  }
  if (days > (window ?? 0)) {
    return { cents: 0, why: `It was delivered ${days} days ago, and the time for this is ${window} days.` };
  }
  const fee = Math.round((paid * (percent ?? 0)) / 100);
  const less = [
    ...(fee > 0 ? [`, less a fee of ${toMoney(fee)}`] : []),
    ...(line.before_cents > 0 ? [`, less ${toMoney(line.before_cents)} that were refunded before`] : []),
  ];
  return {
    cents: Math.max(0, paid - fee - line.before_cents),
    why: `${toMoney(paid)} paid${less.join("")}.`,
  };
}

function toMoney(cents: number, currency = ""): string {
  return `${(cents / 100).toFixed(2)} ${currency}`.trim();
}

// 4. The money. Between the check and the payment a person has thought it over, perhaps for days. So everything is
// looked at anew, in one transaction, in which nobody else writes:
//   (1) A call that is made again, because the process died or the network failed, pays nothing a second time.
//   (2) A person has approved this very call. Where the server knows its users, it was one of the staff; above the
//       limit it was a manager.
//   (3) It is no more than the policy still allows.

const refundSchema = requestSchema.extend({
  cents: z.int().positive().describe("How much, in cents of the order's currency, as check_refund gives it"),
});
const paidSchema = z.object({ order: z.string(), cents: z.number(), currency: z.string() });

type Refund = z.infer<typeof refundSchema>;

function payBack(shop: Database, run: Run, call: Refund): z.infer<typeof paidSchema> {
  const { key, day, managerAboveCents } = run;
  return shop.transaction(() => {
    const { currency } = readOrder(shop, run, call.order);
    const paid = { order: call.order, cents: call.cents, currency };
    // (1)
    if (key === undefined) {
      throw new Refusal("A refund needs an idempotency key: let the agent call this tool.");
    }
    const before = shop
      .prepare("select sum(cents) as cents from refunds where key = ? having sum(cents) > 0")
      .get(key);
    if (before !== undefined) {
      return { ...paid, cents: Number(before.cents) };
    }
    // (2)
    const by = run.approval?.by;
    const role = by === undefined ? undefined : roleOf(shop, run, by);
    if (run.approval === undefined || (run.userId !== undefined && role === undefined)) {
      throw new Refusal(`A refund is approved by the staff (staff.csv), and ${by ?? "nobody"} is not on it.`);
    }
    if (call.cents > managerAboveCents && role !== "manager") {
      throw new Refusal(`Above ${toMoney(managerAboveCents, currency)} a manager has to approve.`);
    }
    // (3)
    const { cents: allowed, lines } = checkRefund(shop, run, call);
    if (call.cents > allowed) {
      throw new Refusal(`The policy allows ${toMoney(allowed, currency)} now, not ${toMoney(call.cents)}.`);
    }
    let open = call.cents;
    for (const { item, cents } of lines) {
      const share = Math.min(open, cents);
      open -= share;
      if (share > 0) {
        const insert = shop.prepare("insert into refunds values (?, ?, ?, ?, ?, ?)");
        insert.run(key, call.order, item, share, day, by ?? null);
      }
    }
    return paid;
  });
}

// 5. The tools. All but `refund` only read, so they may run side by side and before a plan is complete.

const replySchema = z.object({
  check: checkSchema.describe('The output of check_refund: "{{check}}"'),
  refund: paidSchema.nullish().describe('The output of refund: "{{refund}}". null: nothing was paid'),
  declined: z.string().optional().describe("Why the person who was asked did not approve it"),
});

const ORDERS = `
  select customer, customers.name, email, "order", currency, ordered, delivered,
    group_concat(item || ': ' || quantity || ' × ' || items.name, '; ') as items
  from customers left join orders using (customer) left join items using ("order")
  where :who is null or customer = :who or email = :who collate nocase
    or customer in (select customer from orders where "order" = :who)
  group by customer, "order" order by ordered desc`;

const ORDER = {
  customer: "",
  name: "",
  email: "",
  order: "",
  currency: "",
  ordered: "",
  delivered: "",
  items: "",
};

function createTools(folders: Folders) {
  const metadata = { readOnly: true };
  const findOrders = tool(
    ({ who = null }, config) =>
      withShop(folders, (shop) => {
        const run = readRun(config);
        const found = shop.prepare(ORDERS).all({ who });
        const orders = found.filter(({ customer }) => maySee(shop, run, String(customer)));
        return { customers: [...new Set(orders.map(({ customer }) => customer))], orders };
      }),
    {
      name: "find_orders",
      description: "Finds a customer's orders, the newest first, with their items.",
      schema: z.object({
        who: z
          .string()
          .nullish()
          .describe("E-mail address, customer or order number. null: who is logged in"),
      }),
      metadata: { ...metadata, outputExample: { customers: [""], orders: [ORDER] } },
    },
  );
  const checkRefundTool = tool(
    (request, config) => withShop(folders, (shop) => checkRefund(shop, readRun(config), request)),
    {
      name: "check_refund",
      description: "Works out what the policy allows for an order or one item of it. Changes nothing.",
      schema: requestSchema,
      metadata: { ...metadata, outputSchema: checkSchema },
    },
  );
  const refund = tool((call, config) => withShop(folders, (shop) => payBack(shop, readRun(config), call)), {
    name: "refund",
    description: "Pays money back. A person is asked first.",
    schema: refundSchema,
    metadata: { outputSchema: paidSchema },
  });
  const writeReply = tool(toLetter, {
    name: "write_reply",
    description:
      "Writes to the customer: what was paid back, what was not, and why. Its output is the answer.",
    schema: replySchema,
    metadata: { ...metadata, output: "text" },
  });
  return [findOrders, checkRefundTool, refund, writeReply];
}

function toLetter({ check, refund, declined }: z.infer<typeof replySchema>): string {
  const { name, order, currency, cents, lines } = check;
  const possible = cents === 0 ? "We cannot refund it." : `We can refund ${toMoney(cents, currency)}.`;
  const outcome = refund == null ? possible : `We have refunded ${toMoney(refund.cents, currency)}.`;
  // If a person has changed the amount, the lines do not add up to it.
  const shown = refund == null || refund.cents === cents ? lines : [];
  const reasons = shown.map((line) => `- ${line.name}: ${toMoney(line.cents, currency)}. ${line.why}`);
  const words = declined === undefined ? [outcome, ...reasons] : [`We have not refunded it: ${declined}`];
  return `Dear ${name},\n\nthank you for your message about order ${order}. ${words.join("\n")}\n\nKind regards,\nCustomer support`;
}

// 6. Saved plans: what the desk does every day. They need no model, and a model may use them by name.

const parameters = z.object({
  order: z.string(),
  item: z.string().nullable().default(null),
  reason: z.enum(REASONS),
});
const REQUEST = { order: "{{with.order}}", item: "{{with.item}}", reason: "{{with.reason}}" };

export const PLANS: readonly SavedPlan[] = [
  {
    name: "refund_order",
    description: "Pays an order, or one item of it, back as the policy allows, and writes to the customer.",
    parameters,
    examples: [
      "Refund order {order}, it is {reason}",
      "Refund order {order}, it arrived {reason}",
      "Refund item {item} of order {order}, it is {reason}",
    ],
    steps: [
      {
        id: "customer",
        description: "Find the customer",
        tool: "find_orders",
        args: { who: "{{with.order}}" },
      },
      { id: "check", tool: "check_refund", args: REQUEST },
      {
        id: "refund",
        tool: "refund",
        args: { ...REQUEST, cents: "{{check.cents}}" },
        if: "{{check.refundable}}",
        dependsOn: ["customer", "check"],
      },
      {
        id: "reply",
        tool: "write_reply",
        args: { check: "{{check}}", refund: "{{refund}}" },
      },
    ],
    answer: "reply",
  },
  {
    name: "can_return",
    description: "Says what a refund of an order, or of one item of it, would come to. Pays nothing.",
    parameters,
    examples: ["Can order {order} be refunded? It is {reason}"],
    steps: [
      { id: "check", tool: "check_refund", args: REQUEST },
      { id: "reply", tool: "write_reply", args: { check: "{{check}}" } },
    ],
    answer: "reply",
  },
];

// 7. The agent.

const INSTRUCTIONS = `You serve a shop's support desk.
Never guess who the customer is, which order or which items are meant. If find_orders leaves a doubt, answer with a question.
Refund only what check_refund says: "if": "{{check.refundable}}", and its cents as a reference. End with write_reply, and name it as the answer.
If the customer adds something, it changes the request: check anew, and refund only what the new check says.
If a refund was rejected, do not ask for the same again: write_reply with the words of the person as "declined".`;

/** Outputs that make a step `unexpected`. What builds on it is then not done, and the replanner is asked. */
const UNEXPECTED: Readonly<Record<string, OutputCheck>> = {
  find_orders: (output) => {
    const { customers } = z.object({ customers: z.array(z.unknown()) }).parse(output);
    return customers.length === 1
      ? undefined
      : `It is not one customer but ${customers.length}. Ask who it is.`;
  },
  check_refund: (output) => {
    const { cents, refundedBeforeCents: before, currency } = checkSchema.parse(output);
    return cents > 0 || before === 0 ? undefined : `It was refunded before: ${toMoney(before, currency)}.`;
  },
};

/** Why it waits: money that was paid out does not come back. */
const WAITING: Readonly<Record<string, ApprovalRule>> = {
  refund: {
    description: (args) => {
      const { order, item, reason, cents } = refundSchema.parse(args);
      return `Refund ${toMoney(cents)} of ${item == null ? "order" : `item ${item} of order`} ${order} (${reason}).`;
    },
  },
};

/** Goals to begin with. */
export const examples: readonly string[] = [
  "Refund order 1042, it arrived damaged",
  "Refund item 1043-2 of order 1043, it is damaged",
  "Can order 2001 be refunded? It is unwanted",
];

/** The support agent. The caller's options are added to its own, except that refunds always wait for a person. */
export function createGraph(given: FieldGraphOptions = {}): PlanExecuteAgent {
  const { data, workspace, options } = takeFolders("support", given);
  const own = {
    tools: createTools({ data, workspace }),
    plans: PLANS,
    planner: { instructions: INSTRUCTIONS },
    replanner: { instructions: INSTRUCTIONS },
    executor: { checkOutput: UNEXPECTED },
    contextFields,
    examples,
  };
  const merged = mergeOptions(own, options);
  const approval = { ...merged.approval, tools: { ...namedRules(merged), ...WAITING } };
  return createPlanExecuteAgent({ ...merged, approval });
}

/** What langgraph.json names. All users share one ledger, because refunds are the shop's and not a user's. */
export const graph: PlanExecuteAgent = createGraph({ workspace: join(servedFolder(), "support") });
