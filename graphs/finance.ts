// Trading on paper. The agent reads prices, finds opportunities by indicators, sizes orders within limits, places what a
// person approves on a ledger in SQLite, and writes a report. Nothing leaves this machine, and nothing here is advice.
//
//   Which call waits for a person:  every place_order, one decision an order. See `approval` in createGraph.
//   What makes the plan change:     an order that was not placed. See `checkOutput` there, and `Outcome` for the reasons.
//   Where the money is counted:     in `accountOf`, from the entries of the ledger.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ToolRunnableConfig, tool } from "@langchain/core/tools";
import { parse } from "csv-parse/sync";
import * as planExecute from "langgraph-plan-execute";
import { ATR, EMA, MACD, RSI, SMA } from "trading-signals";
import { z } from "zod";
import * as folders from "./shared/folders.js";
import { mergeOptions, namedRules } from "./shared/merge-options.js";
import { type Database, openDatabase } from "./shared/open-database.js";
import { makePrivateFolder, replaceFile } from "./shared/private-files.js";

const share = z.number().gt(0).max(1);

/** What a run's context may set. It only makes the graph's limits stricter, because anybody who starts a run sets it. */
const contextFields = z.object({
  maxPosition: share.optional().meta({ title: "Largest position (share of the equity)" }),
  riskLimit: share.optional().meta({ title: "Risk limit (share of the equity at risk in one symbol)" }),
});
type Limits = Readonly<Required<z.infer<typeof contextFields>>>;

/** What the finance graph takes. `data` is the folder of price files. */
export interface FinanceOptions extends folders.FieldGraphOptions<folders.Workspace> {
  /** The largest share of the equity in one symbol. @default 0.2 */
  readonly maxPosition?: number;
  /** The largest share of the equity that one symbol may lose in a fall of two average true ranges. @default 0.02 */
  readonly riskLimit?: number;
  /** The cash in a new ledger. @default 100,000 */
  readonly cash?: number;
}

/** Goals to begin with. */
export const examples: readonly string[] = [
  "Trade prices.csv with the rsi strategy, with at most 10% in one symbol",
  "Analyse prices.csv with the macd strategy",
  "Analyse prices.csv with the crossover strategy",
];

const INSTRUCTIONS = `The usual plan: load_prices, find_opportunities, size_orders, place_order with forEach over the orders, and write_report, whose output is the answer. Never make up an order.
If the prices changed, begin again at find_opportunities with the id that they have now, and name in "except" of size_orders the symbols that were placed or rejected. If an order was over a limit, size it again. What a person rejected is not tried in another way. Always end with write_report.`;

const file = z.string().regex(/^\w[\w.-]*\.csv$/);
const strategy = z.enum(["rsi", "macd", "crossover"]);
const parameters = z.object({ file: file.default("prices.csv"), strategy: strategy.default("rsi") });
const percent = z.coerce
  .number()
  .gt(0)
  .max(100)
  .default(100)
  .describe("The most in one symbol, if it is to be less.");
const ID = "{{prices.id}}";
const LOOK: planExecute.SavedPlan["steps"] = [
  { id: "prices", tool: "load_prices", args: { file: "{{with.file}}" } },
  { id: "found", tool: "find_opportunities", args: { prices: ID, strategy: "{{with.strategy}}" } },
];
const FOUND = { prices: ID, opportunities: "{{found.opportunities}}" };
const ITEM = { prices: ID, symbol: "{{item.symbol}}", side: "{{item.side}}", quantity: "{{item.quantity}}" };
const SIZED = { wanted: "{{sized.orders}}", refused: "{{sized.refused}}" };

/** Plans that need no planner. A person names one, or says a goal like one of its examples. */
const PLANS: readonly planExecute.SavedPlan[] = [
  {
    name: "analyse",
    description: "Find opportunities by a strategy, and report. Trades nothing.",
    parameters,
    examples: ["Analyse {file}", "Analyse {file} with the {strategy} strategy"],
    steps: [...LOOK, { id: "report", tool: "write_report", args: FOUND }],
    answer: "report",
  },
  {
    name: "trade",
    description: "Find opportunities, size orders, place those that a person approves, and report.",
    parameters: parameters.extend({ percent }),
    examples: [
      "Trade {file} with the {strategy} strategy",
      "Trade {file} with the {strategy} strategy, with at most {percent}% in one symbol",
    ],
    steps: [
      ...LOOK,
      { id: "sized", tool: "size_orders", args: { ...FOUND, percent: "{{with.percent}}" } },
      { id: "orders", tool: "place_order", forEach: "{{sized.orders}}", args: ITEM },
      { id: "report", tool: "write_report", args: { ...FOUND, ...SIZED } },
    ],
    answer: "report",
  },
];

/** The finance agent. The given options are added to its own, but every order waits for a person. */
export function createGraph(given: FinanceOptions = {}): planExecute.PlanExecuteAgent {
  const { maxPosition = 0.2, riskLimit = 0.02, cash = 100_000, ...field } = given;
  const { data, workspace, options } = folders.takeFolders("finance", field);
  const desk = { data, workspace, cash, limits: contextFields.required().parse({ maxPosition, riskLimit }) };
  if (namedRules(options).place_order !== undefined) {
    throw new TypeError("approval.tools.place_order cannot be set: every order of the finance graph waits.");
  }
  const own: planExecute.PlanExecuteOptions = {
    tools: createTools(desk),
    plans: PLANS,
    planner: { instructions: INSTRUCTIONS },
    replanner: { instructions: INSTRUCTIONS },
    contextFields,
    examples,
    approval: { tools: { place_order: { description: (args) => describeOrder(desk, args) } } },
    // That an order was not placed is no error of its tool. The step is "unexpected", and the replanner is asked.
    executor: { checkOutput: { place_order: whyNotPlaced } },
  };
  return planExecute.createPlanExecuteAgent(mergeOptions(own, options));
}

// ---- Tools ----

const prices = z.string().describe("The id that load_prices gave.");
const orderSchema = z.object({
  prices,
  symbol: z.string(),
  side: z.enum(["buy", "sell"]),
  quantity: z.int().min(1),
});
const opportunitySchema = orderSchema.omit({ prices: true }).extend({
  quantity: orderSchema.shape.quantity.optional().describe("If the person said how many."),
  reason: z.string().optional(),
});
const opportunities = z.array(opportunitySchema).default([]);
const refused = z.array(z.object({ symbol: z.string(), because: z.string() })).default([]);
const except = z.array(z.string()).default([]).describe("Symbols that get no order.");
const sizeSchema = z.object({ prices, opportunities, percent, except });
const reportSchema = z.object({ prices, opportunities, wanted: z.array(orderSchema).default([]), refused });

type Order = z.infer<typeof orderSchema>;
type Opportunity = z.infer<typeof opportunitySchema>;

function createTools(desk: Desk) {
  return [
    tool((args) => describePrices(readPrices(desk, args.file)), {
      name: "load_prices",
      description: "Reads a price file. The id stands for exactly these prices.",
      schema: z.object({ file: file.default("prices.csv") }),
      metadata: { readOnly: true, outputExample: { id: "", to: "", symbols: [""] } },
    }),
    tool((args) => ({ opportunities: findOpportunities(openPrices(desk, args.prices), args.strategy) }), {
      name: "find_opportunities",
      description: "Finds what to buy or sell. rsi: oversold; macd, crossover: crossed in 5 days.",
      schema: z.object({ prices, strategy }),
      metadata: { readOnly: true, outputSchema: z.object({ opportunities: z.array(opportunitySchema) }) },
    }),
    tool(onLedger(desk, sizeOrders), {
      name: "size_orders",
      description: "Makes orders, each as large as the limits and the cash allow.",
      schema: sizeSchema,
      metadata: {
        readOnly: true,
        outputSchema: z.object({
          orders: z.array(orderSchema),
          refused: z.array(z.object({ symbol: z.string(), because: z.string() })),
        }),
      },
    }),
    tool(onLedger(desk, place), {
      name: "place_order",
      description:
        "Places one of the orders of size_orders on the paper ledger, unchanged. Waits for a person.",
      schema: orderSchema,
    }),
    tool(onLedger(desk, writeReport), {
      name: "write_report",
      description: "Writes the report of this turn. Its output is the answer to the person.",
      schema: reportSchema,
      metadata: { output: "text" },
    }),
  ];
}

// ---- Prices and indicators ----

const price = z.coerce.number().positive();
const barSchema = z.object({
  date: z.iso.date(),
  symbol: z.string().min(1),
  high: price,
  low: price,
  close: price,
});
type Bar = z.infer<typeof barSchema>;

interface Prices {
  /** The file's name and a hash of its content, so that other prices have another id. */
  readonly id: string;
  readonly to: string;
  readonly bars: ReadonlyMap<string, readonly Bar[]>;
}

/** Reads a price file. One broken row makes it throw: prices that are partly read would be other prices. */
function readPrices({ data }: Pick<Desk, "data">, name: string): Prices {
  const text = readFileSync(join(data, name), "utf8");
  const rows = z
    .array(barSchema)
    .safeParse(parse(text, { bom: true, columns: true, skip_empty_lines: true }));
  if (!rows.success) {
    throw new Error(`${name} cannot be used:\n${z.prettifyError(rows.error)}`);
  }
  const bars = new Map<string, Bar[]>();
  for (const bar of rows.data.sort((one, other) => one.date.localeCompare(other.date))) {
    bars.set(bar.symbol, [...(bars.get(bar.symbol) ?? []), bar]);
  }
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { id: `${name}#${hash}`, to: rows.data.at(-1)?.date ?? "", bars };
}

/** The prices as they are now, in the file that an id names. */
function latestPrices(desk: Pick<Desk, "data">, id: string): Prices {
  return readPrices(desk, file.parse(id.split("#")[0]));
}

/** The prices of an id. Throws if the file has others by now. */
function openPrices(desk: Pick<Desk, "data">, id: string): Prices {
  const latest = latestPrices(desk, id);
  if (latest.id !== id) {
    throw new Error(`The prices changed: ${id} is ${latest.id} now. Begin again with these.`);
  }
  return latest;
}

function describePrices({ id, to, bars }: Prices) {
  return { id, to, symbols: [...bars.keys()] };
}

function closeOf({ bars }: Prices, symbol: string): number {
  return bars.get(symbol)?.at(-1)?.close ?? 0;
}

function findOpportunities({ bars }: Prices, by: z.infer<typeof strategy>): Opportunity[] {
  return [...bars].flatMap(([symbol, days]): Opportunity[] => {
    const closes = days.map(({ close }) => close);
    // RSI divides by zero if no price has moved. The library says 100 then, which would mean "sell".
    const rsi = new Set(closes).size > 1 ? (new RSI(14).updates(closes).at(-1) ?? 50) : 50;
    const macd = new MACD(new EMA(12), new EMA(26), new EMA(9))
      .updates(closes)
      .map((day) => day?.histogram ?? 0);
    const [fast, slow] = [new SMA(20).updates(closes), new SMA(50).updates(closes)];
    const gaps = slow.map((mean, at) => (mean === null ? 0 : (fast[at] ?? 0) - mean));
    const signals = {
      rsi: { score: rsi < 30 ? 1 : rsi > 70 ? -1 : 0, reason: `RSI(14) is ${rsi.toFixed(2)}` },
      macd: { score: crossing(macd), reason: "the MACD crossed its signal" },
      crossover: { score: crossing(gaps), reason: "the 20-day average crossed the 50-day one" },
    };
    const { score, reason } = signals[by];
    return score === 0 ? [] : [{ symbol, side: score > 0 ? "buy" : "sell", reason }];
  });
}

/** Whether a difference went above zero (1) or below it (-1) in the last 5 days. */
function crossing(differences: readonly number[]): number {
  const signs = differences.slice(-6).map(Math.sign);
  const [before = 0, last = 0] = [signs[0], signs.at(-1)];
  return before === -last ? last : 0;
}

// ---- Limits ----

/** What limits an order. */
type Bound = "holdings" | "too-few-prices" | "cash" | "maxPosition" | "riskLimit";

/** The most that may be bought or sold of a symbol, and what sets it. Nothing is sold short or bought on credit. */
function largestOrder(
  { symbol, side }: Pick<Order, "symbol" | "side">,
  prices: Prices,
  account: Account,
  limits: Limits,
): { quantity: number; because: Bound } {
  const held = account.held.get(symbol) ?? 0;
  if (side === "sell") {
    return { quantity: held, because: "holdings" };
  }
  const range = new ATR(14).updates(prices.bars.get(symbol) ?? []).at(-1) ?? null;
  if (range === null) {
    return { quantity: 0, because: "too-few-prices" };
  }
  const [close, equity] = [closeOf(prices, symbol), equityOf(account, prices)];
  const bounds: { quantity: number; because: Bound }[] = [
    { quantity: account.cents / 100 / close, because: "cash" },
    { quantity: (limits.maxPosition * equity) / close - held, because: "maxPosition" },
    { quantity: (limits.riskLimit * equity) / (2 * range) - held, because: "riskLimit" },
  ];
  const least = bounds.reduce((one, other) => (other.quantity < one.quantity ? other : one));
  // The billionth is for what floating point leaves over.
  return { ...least, quantity: Math.max(0, Math.floor(least.quantity + 1e-9)) };
}

/** Makes orders, the first opportunity first, as if those before it were filled. */
function sizeOrders(call: Call, wanted: z.infer<typeof sizeSchema>) {
  const prices = openPrices(call.desk, wanted.prices);
  const limits = { ...call.limits, maxPosition: Math.min(call.limits.maxPosition, wanted.percent / 100) };
  let account = accountOf(call.ledger);
  const orders: Order[] = [];
  const refused: { symbol: string; because: Bound }[] = [];
  for (const { symbol, side, quantity: asked } of wanted.opportunities) {
    const most = largestOrder({ symbol, side }, prices, account, limits);
    const quantity = Math.min(asked ?? most.quantity, most.quantity);
    if (wanted.except.includes(symbol)) {
      continue;
    }
    if (quantity === 0 || quantity < (asked ?? 0)) {
      refused.push({ symbol, because: most.because });
    }
    if (quantity > 0) {
      orders.push({ prices: prices.id, symbol, side, quantity });
      account = afterOrder(account, { symbol, side, quantity }, closeOf(prices, symbol));
    }
  }
  return { orders, refused };
}

/** What sales bring is not counted, because a person may reject them. */
function afterOrder(
  { cents, held }: Account,
  { symbol, side, quantity }: Omit<Order, "prices">,
  close: number,
) {
  const change = side === "buy" ? quantity : -quantity;
  const after = new Map(held).set(symbol, (held.get(symbol) ?? 0) + change);
  return { cents: cents - Math.max(0, Math.round(change * close * 100)), held: after };
}

// ---- The ledger ----

/** What the tools share. */
interface Desk {
  readonly data: string;
  readonly workspace: folders.Workspace;
  readonly cash: number;
  readonly limits: Limits;
}

/** What one call works with. */
interface Call {
  readonly desk: Desk;
  readonly ledger: Database;
  /** The graph's limits, or those of the run's context if they are stricter. */
  readonly limits: Limits;
  readonly key: string;
  readonly turn: string;
  readonly folder: string;
}

interface Account {
  readonly cents: number;
  /** The quantity of each symbol that is held. */
  readonly held: ReadonlyMap<string, number>;
}

/** Entries are only ever added. Cash is the sum of cents, and what is held the sum of quantities. */
const LEDGER = `create table if not exists entries (
  key text primary key, turn text, symbol text, quantity integer, price real, cents integer
)`;

/** Lets a tool work on the ledger of whoever asks, in one transaction: nobody else writes between a look and an entry. */
function onLedger<Args, Output>(desk: Desk, work: (call: Call, args: Args) => Output) {
  return async (args: Args, config: ToolRunnableConfig): Promise<Output> => {
    const folder = folders.workspaceFor(desk.workspace, planExecute.requesterOf(config));
    const key = z.string().parse(config.configurable?.idempotency_key);
    const context = contextFields.parse(config.context ?? {});
    const stricter = (name: keyof Limits) => Math.min(desk.limits[name], context[name] ?? 1);
    const limits = { maxPosition: stricter("maxPosition"), riskLimit: stricter("riskLimit") };
    const ledger = await openDatabase(join(folder, "ledger.db"));
    try {
      return ledger.transaction(() => {
        ledger.exec(LEDGER);
        const open = ledger.prepare("insert or ignore into entries values ('opening', '', '', 0, 0, ?)");
        open.run(Math.round(desk.cash * 100));
        return work({ desk, ledger, limits, key, turn: key.slice(0, key.indexOf(":")), folder }, args);
      });
    } finally {
      ledger.close();
    }
  };
}

function accountOf(ledger: Database): Account {
  const cash = ledger.prepare("select sum(cents) as cents from entries").get();
  const held = ledger.prepare(
    "select symbol, sum(quantity) as held from entries group by symbol having held > 0",
  );
  return {
    cents: Number(cash?.cents),
    held: new Map(held.all().map((row) => [String(row.symbol), Number(row.held)])),
  };
}

/** Cash, and what is held at the latest closes. */
function equityOf({ cents, held }: Account, prices: Prices): number {
  return [...held].reduce((sum, [symbol, quantity]) => sum + quantity * closeOf(prices, symbol), cents / 100);
}

const outcomeSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("placed"), symbol: z.string(), quantity: z.number(), cents: z.number() }),
  z.object({
    status: z.literal("prices-changed"),
    now: z.string().describe("The id that the prices have now."),
  }),
  z.object({ status: z.literal("over-limit"), most: z.number(), because: z.string() }),
]);
type Outcome = z.infer<typeof outcomeSchema>;

/** Places an order once for its idempotency key: a call that is repeated finds its entry, and changes nothing. */
function place({ desk, ledger, limits, key, turn }: Call, order: Order): Outcome {
  const find = ledger.prepare(
    "select 'placed' as status, symbol, quantity, cents from entries where key = ?",
  );
  const before = find.get(key);
  if (before !== undefined) {
    return outcomeSchema.parse(before);
  }
  const latest = latestPrices(desk, order.prices);
  if (latest.id !== order.prices) {
    return { status: "prices-changed", now: latest.id };
  }
  const most = largestOrder(order, latest, accountOf(ledger), limits);
  if (order.quantity > most.quantity) {
    return { status: "over-limit", most: most.quantity, because: most.because };
  }
  const close = closeOf(latest, order.symbol);
  const quantity = order.side === "buy" ? order.quantity : -order.quantity;
  const entry = ledger.prepare("insert into entries values (?, ?, ?, ?, ?, ?)");
  entry.run(key, turn, order.symbol, quantity, close, -Math.round(quantity * close * 100));
  return outcomeSchema.parse(find.get(key));
}

function whyNotPlaced(output: unknown): string | undefined {
  const outcome = outcomeSchema.parse(output);
  return outcome.status === "placed" ? undefined : `The order was not placed: ${JSON.stringify(outcome)}`;
}

// ---- Words ----

function money(amount: number): string {
  return amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** An order as the person who decides on it reads it. */
function describeOrder(desk: Desk, args: unknown): string {
  const { prices, symbol, side, quantity } = orderSchema.parse(args);
  const close = closeOf(latestPrices(desk, prices), symbol);
  const verb = side === "buy" ? "Buy" : "Sell";
  return `${verb} ${quantity} ${symbol} at ${close}: ${money(quantity * close)} in all, on the paper ledger.`;
}

/** Tells what the ledger has of this turn, and not what the plan wanted, so it is right after a rejection or an edit. */
function writeReport({ desk, ledger, turn, folder }: Call, told: z.infer<typeof reportSchema>): string {
  const prices = latestPrices(desk, told.prices);
  const account = accountOf(ledger);
  const placed = ledger.prepare("select * from entries where turn = ? order by rowid").all(turn);
  const traded = new Set(placed.map(({ symbol }) => symbol));
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}\n`).join("") || "None.\n";
  const found = told.opportunities.map(
    ({ side, symbol, reason = "wanted" }) => `${side} ${symbol}: ${reason}`,
  );
  const orders = [
    ...placed.map(
      (row) => `${row.quantity} ${row.symbol} at ${row.price}: ${money(Number(row.cents) / 100)}`,
    ),
    ...told.wanted.flatMap(({ symbol, side }) => (traded.has(symbol) ? [] : `not placed: ${side} ${symbol}`)),
    ...told.refused.map(({ symbol, because }) => `refused or cut: ${symbol} (${because})`),
  ];
  const owned = [...account.held].map(([symbol, held]) => `${held} ${symbol} at ${closeOf(prices, symbol)}`);
  const cash = `Cash ${money(account.cents / 100)}, equity ${money(equityOf(account, prices))}`;
  const text = [
    `# ${prices.id} to ${prices.to}\n`,
    `## Opportunities\n\n${list(found)}`,
    `## Orders\n\n${list(orders)}`,
    `## Paper account\n\n${list([cash, ...owned])}`,
  ].join("\n");
  const path = join(folder, "reports", `${turn.slice(0, 8)}.md`);
  makePrivateFolder(join(folder, "reports"));
  replaceFile(path, text);
  return `${text}\nReport: ${path}`;
}

/** What langgraph.json names. Each user has a ledger and reports of their own. */
export const graph: planExecute.PlanExecuteAgent = createGraph({
  workspace: folders.servedWorkspace("finance"),
});
