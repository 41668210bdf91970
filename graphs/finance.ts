// Trading on paper. The agent reads prices, finds opportunities by indicators, sizes orders within limits, places what a
// person approves on a ledger in SQLite, and writes a report. Nothing leaves this machine, and nothing here is advice.
//
//   Who waits for a person:      every place_order, one decision an order. See `approval` in createGraph.
//   What makes the plan change:  an order that was not placed. See `checkOutput` there, and `NOT_PLACED`.
//   Where the money is counted:  in `accountOf`, from the entries of the ledger.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ToolRunnableConfig, tool } from "@langchain/core/tools";
import { parse } from "csv-parse/sync";
import {
  createPlanExecuteAgent,
  type PlanExecuteAgent,
  type PlanExecuteOptions,
  type Requester,
  requesterOf,
  type SavedPlan,
} from "langgraph-plan-execute";
import { ATR, EMA, MACD, RSI, SMA } from "trading-signals";
import { z } from "zod";
import {
  type FieldGraphOptions,
  servedWorkspace,
  takeFolders,
  type Workspace,
  workspaceFor,
} from "./shared/folders.js";
import { mergeOptions } from "./shared/merge-options.js";
import { type Database, openDatabase } from "./shared/open-database.js";
import { makePrivateFolder, replaceFile } from "./shared/private-files.js";

const share = z.number().gt(0).max(1);

/** What a run's context may set. It can only be stricter than the graph, because anybody who starts a run may set it. */
export const contextSchema = z.object({
  maxPosition: share.meta({
    title: "Largest position",
    description: "As a share of the equity, such as 0.1.",
  }),
  riskLimit: share.meta({
    title: "Risk limit",
    description: "The share of the equity that one symbol may lose in a fall of two average true ranges.",
  }),
});

/** The limits of an order that buys: the shares of the equity that may be in one symbol, and at risk in it. */
type Limits = Readonly<z.infer<typeof contextSchema>>;

/** What the finance graph takes. `data` is the folder of price files. The limits are 0.2 and 0.02 if left out. */
export interface FinanceOptions extends FieldGraphOptions<Workspace>, Partial<Limits> {
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
const LOOK = [
  { id: "prices", tool: "load_prices", args: { file: "{{with.file}}" } },
  {
    id: "found",
    tool: "find_opportunities",
    args: { prices: "{{prices.id}}", strategy: "{{with.strategy}}" },
  },
];
const TOLD = { prices: "{{prices.id}}", opportunities: "{{found.opportunities}}" };

/** Plans that need no planner. A person names them, or says a goal like one of their examples. */
const PLANS: readonly SavedPlan[] = [
  {
    name: "analyse",
    description: "Find opportunities by a strategy, and report. Trades nothing.",
    parameters: z.object({ file: file.default("prices.csv"), strategy: strategy.default("rsi") }),
    examples: ["Analyse {file}", "Analyse {file} with the {strategy} strategy"],
    steps: [...LOOK, { id: "report", tool: "write_report", args: TOLD }],
    answer: "report",
  },
  {
    name: "trade",
    description: "Find opportunities, size orders, place those that a person approves, and report.",
    parameters: z.object({
      file: file.default("prices.csv"),
      strategy: strategy.default("rsi"),
      percent: z.coerce.number().gt(0).max(100).default(100).describe("The most in one symbol."),
    }),
    examples: [
      "Trade {file} with the {strategy} strategy",
      "Trade {file} with the {strategy} strategy, with at most {percent}% in one symbol",
    ],
    steps: [
      ...LOOK,
      { id: "sized", tool: "size_orders", args: { ...TOLD, maxPercent: "{{with.percent}}" } },
      {
        id: "orders",
        tool: "place_order",
        forEach: "{{sized.orders}}",
        args: {
          prices: "{{prices.id}}",
          symbol: "{{item.symbol}}",
          side: "{{item.side}}",
          quantity: "{{item.quantity}}",
        },
      },
      {
        id: "report",
        tool: "write_report",
        args: { ...TOLD, wanted: "{{sized.orders}}", refused: "{{sized.refused}}" },
      },
    ],
    answer: "report",
  },
];

/** The finance agent. The given options are added to its own, but every order waits for a person. */
export function createGraph(given: FinanceOptions = {}): PlanExecuteAgent {
  const { maxPosition = 0.2, riskLimit = 0.02, cash = 100_000, ...field } = given;
  const { data, workspace, options } = takeFolders("finance", field);
  const desk: Desk = { data, workspace, cash, limits: contextSchema.parse({ maxPosition, riskLimit }) };
  if (options.approval?.tools?.place_order !== undefined) {
    throw new TypeError("approval.tools.place_order cannot be set: every order of the finance graph waits.");
  }
  const own: PlanExecuteOptions = {
    tools: createTools(desk),
    plans: PLANS,
    planner: { instructions: INSTRUCTIONS },
    replanner: { instructions: INSTRUCTIONS },
    contextKeys: Object.keys(contextSchema.shape),
    approval: { tools: { place_order: { description: (args: unknown) => describeOrder(desk, args) } } },
    // An order that was not placed is no error of its tool. Its step is "unexpected", and the replanner is asked.
    executor: { checkOutput: { place_order: whyNotPlaced } },
  };
  return createPlanExecuteAgent(mergeOptions(own, options));
}

/** What the tools share. */
interface Desk {
  readonly data: string;
  readonly workspace: Workspace;
  readonly cash: number;
  readonly limits: Limits;
}

// ---- Tools ----

const prices = z.string().describe("The id that load_prices gave.");
const side = z.enum(["buy", "sell"]);
const orderSchema = z.object({ prices, symbol: z.string(), side, quantity: z.int().min(1) });
type Order = z.infer<typeof orderSchema>;
const opportunitySchema = orderSchema.omit({ prices: true }).partial({ quantity: true }).extend({
  reason: z.string().optional(),
});
type Opportunity = z.infer<typeof opportunitySchema>;
const sizeSchema = z.object({
  prices,
  opportunities: z
    .array(opportunitySchema)
    .describe("Found, or wanted by the person; with a quantity if they said it."),
  maxPercent: z.number().gt(0).max(100).default(100).describe("The most in one symbol, if it is to be less."),
  except: z.array(z.string()).default([]).describe("Symbols that get no order."),
});
const reportSchema = z.object({
  prices,
  opportunities: z.array(opportunitySchema).default([]),
  wanted: z.array(orderSchema).default([]).describe("The orders of size_orders."),
  refused: z.array(z.object({ symbol: z.string(), because: z.string() })).default([]),
});

function createTools(desk: Desk) {
  const readOnly = { metadata: { readOnly: true } };
  return [
    tool(({ file }) => describePrices(readPrices(desk.data, file)), {
      name: "load_prices",
      description: "Reads a price file: { id, to, symbols }. The id stands for exactly these prices.",
      schema: z.object({ file: file.default("prices.csv") }),
      ...readOnly,
    }),
    tool((args) => ({ opportunities: findOpportunities(openPrices(desk, args.prices), args.strategy) }), {
      name: "find_opportunities",
      description:
        "Finds what to buy or sell: { opportunities }. rsi: oversold or overbought; macd: it crossed its signal in 5 days; crossover: the 20-day average crossed the 50-day one.",
      schema: z.object({ prices, strategy }),
      ...readOnly,
    }),
    tool(
      (args, config) =>
        withLedger(desk, requesterOf(config), (ledger) => sizeOrders(desk, args, ledger, config)),
      {
        name: "size_orders",
        description: "Makes orders, each as large as the limits and the cash allow: { orders, refused }.",
        schema: sizeSchema,
        ...readOnly,
      },
    ),
    tool(
      (order, config) =>
        withLedger(desk, requesterOf(config), (ledger) => place(desk, order, ledger, config)),
      {
        name: "place_order",
        description:
          "Places one of the orders of size_orders, unchanged, on the paper ledger. Waits for a person.",
        schema: orderSchema,
      },
    ),
    tool(
      (content, config) =>
        withLedger(desk, requesterOf(config), (ledger) => writeReport(desk, content, ledger, config)),
      {
        name: "write_report",
        description: "Writes the report of this turn. Its output is the answer to the person.",
        schema: reportSchema,
        metadata: { output: "text" },
      },
    ),
  ];
}

// ---- Prices and indicators ----

const barSchema = z.object({
  date: z.iso.date(),
  symbol: z.string().min(1),
  high: z.coerce.number().positive(),
  low: z.coerce.number().positive(),
  close: z.coerce.number().positive(),
});
type Bar = z.infer<typeof barSchema>;

interface Prices {
  /** The file's name and a hash of its content, so that other prices have another id. */
  readonly id: string;
  readonly to: string;
  readonly bars: ReadonlyMap<string, readonly Bar[]>;
}

/** Reads a price file. One broken row makes it throw: prices that are partly read would be other prices. */
function readPrices(data: string, name: string): Prices {
  const text = readFileSync(join(data, name), "utf8");
  const rows = z
    .array(barSchema)
    .min(1)
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
function latestPrices({ data }: Desk, id: string): Prices {
  return readPrices(data, file.parse(id.split("#")[0]));
}

/** The prices of an id. Throws if the file has others by now. */
function openPrices(desk: Desk, id: string): Prices {
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
    const macd = new MACD(new EMA(12), new EMA(26), new EMA(9)).updates(closes);
    const [fast, slow] = [new SMA(20).updates(closes), new SMA(50).updates(closes)];
    const signals = {
      rsi: { score: rsi < 30 ? 1 : rsi > 70 ? -1 : 0, reason: `RSI(14) is ${rsi.toFixed(2)}` },
      macd: {
        score: crossing(macd.map((day) => day?.histogram ?? 0)),
        reason: "the MACD crossed its signal",
      },
      crossover: {
        score: crossing(slow.map((mean, at) => (mean === null ? 0 : (fast[at] ?? 0) - mean))),
        reason: "the 20-day average crossed the 50-day one",
      },
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

interface Account {
  readonly cents: number;
  /** The quantity of each symbol that is held. */
  readonly held: ReadonlyMap<string, number>;
}

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
  const close = closeOf(prices, symbol);
  const range = new ATR(14).updates(prices.bars.get(symbol) ?? []).at(-1) ?? null;
  if (range === null) {
    return { quantity: 0, because: "too-few-prices" };
  }
  const equity = equityOf(account, prices);
  const bounds: { quantity: number; because: Bound }[] = [
    { quantity: account.cents / 100 / close, because: "cash" },
    { quantity: (limits.maxPosition * equity) / close - held, because: "maxPosition" },
    { quantity: (limits.riskLimit * equity) / (2 * range) - held, because: "riskLimit" },
  ];
  const least = bounds.reduce((one, other) => (other.quantity < one.quantity ? other : one));
  // The billionth is for what floating point leaves over.
  return { ...least, quantity: Math.max(0, Math.floor(least.quantity + 1e-9)) };
}

/** Cash, and what is held at the latest closes. */
function equityOf({ cents, held }: Account, prices: Prices): number {
  return [...held].reduce((sum, [symbol, quantity]) => sum + quantity * closeOf(prices, symbol), cents / 100);
}

function sizeOrders(
  desk: Desk,
  wanted: z.infer<typeof sizeSchema>,
  ledger: Database,
  config: ToolRunnableConfig,
) {
  const prices = openPrices(desk, wanted.prices);
  const { riskLimit, maxPosition } = limitsOf(desk, config);
  const limits = { riskLimit, maxPosition: Math.min(maxPosition, wanted.maxPercent / 100) };
  let account = accountOf(ledger);
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
      // What sales bring is not spent, because a person may reject them.
      const [sign, spent] =
        side === "buy" ? [1, Math.round(quantity * closeOf(prices, symbol) * 100)] : [-1, 0];
      const held = new Map(account.held).set(symbol, (account.held.get(symbol) ?? 0) + sign * quantity);
      account = { cents: account.cents - spent, held };
    }
  }
  return { orders, refused };
}

/** The graph's limits, or those of the run's context if they are stricter. */
function limitsOf({ limits }: Desk, config: ToolRunnableConfig): Limits {
  const context = contextSchema.partial().parse(config.context ?? {});
  const stricter = (name: keyof Limits) => Math.min(limits[name], context[name] ?? 1);
  return { maxPosition: stricter("maxPosition"), riskLimit: stricter("riskLimit") };
}

// ---- The ledger: entries of symbols, quantities and cents, which are only ever added ----

const LEDGER = `create table if not exists entries (
  key text primary key, turn text not null, symbol text not null, quantity integer not null, price real not null,
  cents integer not null
)`;

/** Works on the ledger of whoever asks, in one transaction: nobody else writes between a look and an entry. */
async function withLedger<T>(desk: Desk, requester: Requester, work: (ledger: Database) => T): Promise<T> {
  const ledger = await openDatabase(join(workspaceFor(desk.workspace, requester), "ledger.db"));
  try {
    return ledger.transaction(() => {
      ledger.exec(LEDGER);
      const open = ledger.prepare("insert or ignore into entries values ('opening', '', '', 0, 0, ?)");
      open.run(Math.round(desk.cash * 100));
      return work(ledger);
    });
  } finally {
    ledger.close();
  }
}

function accountOf(ledger: Database): Account {
  const cash = ledger.prepare("select sum(cents) as cents from entries").get();
  const held = ledger.prepare("select symbol, sum(quantity) as quantity from entries group by symbol").all();
  const owned = held.filter(({ quantity }) => Number(quantity) > 0);
  return {
    cents: Number(cash?.cents),
    held: new Map(owned.map(({ symbol, quantity }) => [String(symbol), Number(quantity)])),
  };
}

/** Places an order once for its idempotency key: a call that is repeated finds its entry, and changes nothing. */
function place(desk: Desk, order: Order, ledger: Database, config: ToolRunnableConfig) {
  const { key, turn } = keyOf(config);
  const find = ledger.prepare("select symbol, quantity, price, cents from entries where key = ?");
  const before = find.get(key);
  if (before !== undefined) {
    return { status: "placed", ...before };
  }
  const latest = latestPrices(desk, order.prices);
  if (latest.id !== order.prices) {
    return { status: "prices-changed", now: latest.id };
  }
  const most = largestOrder(order, latest, accountOf(ledger), limitsOf(desk, config));
  if (order.quantity > most.quantity) {
    return { status: "over-limit", most: most.quantity, because: most.because };
  }
  const price = closeOf(latest, order.symbol);
  const quantity = order.side === "buy" ? order.quantity : -order.quantity;
  const entry = ledger.prepare("insert into entries values (?, ?, ?, ?, ?, ?)");
  entry.run(key, turn, order.symbol, quantity, price, -Math.round(quantity * price * 100));
  return { status: "placed", ...find.get(key) };
}

/** The key of a call, and the turn that it belongs to. */
function keyOf({ configurable }: ToolRunnableConfig): { key: string; turn: string } {
  const key = z.string().parse(configurable?.idempotency_key);
  return { key, turn: key.slice(0, key.indexOf(":")) };
}

const outcomeSchema = z.looseObject({ status: z.enum(["placed", "prices-changed", "over-limit"]) });

function whyNotPlaced(output: unknown): string | undefined {
  const outcome = outcomeSchema.parse(output);
  return outcome.status === "placed" ? undefined : `The order was not placed: ${JSON.stringify(outcome)}`;
}

// ---- Words ----

function money(cents: number): string {
  return (cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** An order as the person who decides on it reads it. */
function describeOrder(desk: Desk, args: unknown): string {
  const { prices, symbol, side, quantity } = orderSchema.parse(args);
  const price = closeOf(latestPrices(desk, prices), symbol);
  const verb = side === "buy" ? "Buy" : "Sell";
  return `${verb} ${quantity} ${symbol} at ${price}: ${money(quantity * price * 100)} in all, on the paper ledger.`;
}

/** Writes what the ledger has of this turn, and not what the plan wanted, so it is right after a rejection or an edit. */
function writeReport(
  desk: Desk,
  told: z.infer<typeof reportSchema>,
  ledger: Database,
  config: ToolRunnableConfig,
) {
  const { turn } = keyOf(config);
  const prices = latestPrices(desk, told.prices);
  const account = accountOf(ledger);
  const placed = ledger.prepare("select * from entries where turn = ? order by rowid").all(turn);
  const traded = new Set(placed.map(({ symbol }) => symbol));
  const section = (title: string, lines: readonly string[]) =>
    `## ${title}\n\n${lines.length === 0 ? "None." : lines.map((line) => `- ${line}`).join("\n")}\n`;
  const text = [
    `# ${prices.id.split("#")[0]} to ${prices.to}\n`,
    section(
      "Opportunities",
      told.opportunities.map(({ side, symbol, reason }) => `${side} ${symbol}: ${reason ?? "wanted"}`),
    ),
    section("Orders", [
      ...placed.map(({ symbol, quantity, price, cents }) => {
        return `${quantity} ${symbol} at ${price}, cash ${money(Number(cents))}`;
      }),
      ...told.wanted.flatMap(({ symbol, side }) =>
        traded.has(symbol) ? [] : `not placed: ${side} ${symbol}`,
      ),
      ...told.refused.map(({ symbol, because }) => `refused or cut: ${symbol} (${because})`),
    ]),
    section("Paper account", [
      `Cash ${money(account.cents)}, equity ${money(equityOf(account, prices) * 100)}`,
      ...[...account.held].map(([symbol, quantity]) => `${quantity} ${symbol} at ${closeOf(prices, symbol)}`),
    ]),
  ].join("\n");
  const folder = join(workspaceFor(desk.workspace, requesterOf(config)), "reports");
  makePrivateFolder(folder);
  const path = join(folder, `${turn.slice(0, 8)}.md`);
  replaceFile(path, text);
  return `${text}\nReport: ${path}`;
}

/** What langgraph.json names. Each user has a ledger and reports of their own. */
export const graph: PlanExecuteAgent = createGraph({ workspace: servedWorkspace("finance") });
