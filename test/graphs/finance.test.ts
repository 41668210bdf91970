import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGraph, type FinanceOptions } from "../../graphs/finance.js";
import type { PlanExecuteAgent } from "../../src/index.js";
import { approve, decide, edit, isWaiting, reject, requestOf } from "../support/approval.js";
import { planCall, type Script, type ScriptByRole, scriptedByRole } from "../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const TRADE = { plan: { name: "trade", with: { percent: 10 } } };

/** Closes of 60 days. */
const days = (close: (at: number) => number) => Array.from({ length: 60 }, (_, at) => close(at));
const SERIES = {
  FALL: days((at) => 160 - at),
  SINK: days((at) => 80 - at),
  RISE: days((at) => 10 + at),
  FLAT: days((at) => (at % 2 === 0 ? 20 : 21)),
  STILL: days(() => 30),
};

function toCsv(series: Readonly<Record<string, readonly number[]>>): string {
  const day = (at: number) => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10);
  const rows = Object.entries(series).flatMap(([symbol, closes]) =>
    closes.map((close, at) => `${day(at)},${symbol},${close},${close},${close}`),
  );
  return ["date,symbol,high,low,close", ...rows].join("\n");
}

let root: string;
const setPrices = (csv: string) => writeFileSync(join(root, "prices.csv"), csv);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plan-execute-finance-"));
  setPrices(toCsv(SERIES));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function setUp(answers: ScriptByRole = {}, options: FinanceOptions = {}) {
  const model = scriptedByRole(answers);
  const agent = createGraph({
    model,
    checkpointer: new MemorySaver(),
    data: root,
    workspace: root,
    ...options,
  });
  return { agent, model };
}

type Run = Awaited<ReturnType<PlanExecuteAgent["invoke"]>>;
const asked = (run: Run) => requestOf(run).actionRequests.map(({ description }) => description);
const statusOf = (run: Run, id: string) => run.pastSteps.find((step) => step.id === id)?.status;

/** What the ledger has, beside the opening. */
function entries(user = ".") {
  const ledger = new Sqlite(join(root, user, "ledger.db"), { readonly: true });
  try {
    return ledger
      .prepare("select symbol, quantity, cents from entries where key <> 'opening' order by rowid")
      .all();
  } finally {
    ledger.close();
  }
}

const FALL = { symbol: "FALL", quantity: 99, cents: -999_900 };
const SINK = { symbol: "SINK", quantity: 476, cents: -999_600 };

/** What a model writes to end with the report. */
const REPORT = planCall([{ id: "told", tool: "write_report", args: { prices: "{{prices.id}}" } }], "told");

/** What a model writes to begin again with the prices as they are now, which it was told. */
const again =
  (except: readonly string[] = []): Script =>
  (messages) => {
    const [, prices] =
      /"now": ?"(prices\.csv#\w+)"/.exec(messages.map(({ text }) => text.replaceAll("\\", "")).join()) ?? [];
    const item = { symbol: "{{item.symbol}}", side: "{{item.side}}", quantity: "{{item.quantity}}" };
    const size = { prices, opportunities: "{{more.opportunities}}", percent: 10, except };
    return planCall(
      [
        { id: "more", tool: "find_opportunities", args: { prices, strategy: "rsi" } },
        { id: "resized", tool: "size_orders", args: size },
        { id: "orders2", tool: "place_order", forEach: "{{resized.orders}}", args: { prices, ...item } },
        { id: "told", tool: "write_report", args: { prices } },
      ],
      "told",
    );
  };

describe("the plan to trade", () => {
  it("sizes orders, asks for each, places what is approved, and reports", async () => {
    const { agent, model } = setUp();
    const waiting = await agent.invoke(TRADE, config);
    // 10 % of 100,000 is 10,000: at 101 99 shares, at 21 476. 2 % is 2,000, and a fall is 2 a share: 1,000 shares.
    expect(asked(waiting)).toEqual([
      "Buy 99 FALL at 101: 9,999.00 in all, on the paper ledger. (4 of 5)",
      "Buy 476 SINK at 21: 9,996.00 in all, on the paper ledger. (4 of 5)",
    ]);
    expect(entries()).toEqual([]);
    const run = await agent.invoke(decide(approve, approve), config);
    expect(run.status).toBe("done");
    expect(model.count()).toBe(0);
    expect(entries()).toEqual([FALL, SINK]);
    expect(run.response).toContain("- buy FALL: RSI(14) is 0.00");
    expect(run.response).toContain("- 99 FALL at 101: -9,999.00");
    expect(run.response).toContain("RISE (holdings)");
    expect(run.response).toContain("- Cash 80,005.00, equity 100,000.00");
    const [, path = ""] = /^Report: (.+)$/m.exec(run.response) ?? [];
    expect(run.response).toContain(readFileSync(path, "utf8"));
  });

  it("sells what is held, and nothing that is not", async () => {
    const { agent } = setUp();
    await agent.invoke(TRADE, config);
    await agent.invoke(decide(approve, approve), config);
    // The fall turns around, so that its RSI is above 70.
    setPrices(toCsv({ ...SERIES, FALL: days((at) => 100 + at) }));
    const waiting = await agent.invoke(TRADE, config);
    expect(asked(waiting)).toEqual(["Sell 99 FALL at 159: 15,741.00 in all, on the paper ledger. (4 of 5)"]);
    const run = await agent.invoke(decide(approve), config);
    expect(entries()).toEqual([FALL, SINK, { symbol: "FALL", quantity: -99, cents: 1_574_100 }]);
    expect(run.response).toContain("- Cash 95,746.00");
  });

  it("keeps the limits of the run's context if they are stricter, and never looser ones", async () => {
    const { agent } = setUp();
    const strict = await agent.invoke(TRADE, {
      ...config,
      context: { maxPosition: 0.05, riskLimit: 0.0005 },
    });
    // 5 % at 101 are 49; 0.05 % are 50, and a fall is 2.
    expect(asked(strict)[0]).toContain("Buy 25 FALL");
    const loose = await agent.invoke(TRADE, { ...config, context: { maxPosition: 1, riskLimit: 1 } });
    expect(asked(loose)[0]).toContain("Buy 99 FALL");
  });

  it("asks for nothing if there is no opportunity, and still reports", async () => {
    setPrices(toCsv({ FLAT: SERIES.FLAT, STILL: SERIES.STILL }));
    const run = await setUp().agent.invoke(TRADE, config);
    expect(isWaiting(run)).toBe(false);
    expect(run.status).toBe("done");
    expect(run.response).toContain("## Orders\n\nNone.");
  });

  it.each([
    ["date,symbol,high,low,close\n2026-01-01,A,1,1,oops", "oops"],
    ["date,symbol\n2026-01-01,A", "close"],
  ])("ends with the reason if the prices are broken", async (csv, why) => {
    setPrices(csv);
    const { agent } = setUp({}, { replanner: { maxReplans: 0 } });
    const run = await agent.invoke(TRADE, config);
    expect(run.status).toBe("incomplete");
    expect(run.outcome?.failed[0]?.error?.message).toMatch(new RegExp(`${why}|close`));
  });
});

describe("the plan to analyse", () => {
  const found = async (strategy: string) => {
    const run = await setUp().agent.invoke({ plan: { name: "analyse", with: { strategy } } }, config);
    expect(isWaiting(run)).toBe(false);
    return run.response.split("## Orders")[0]?.match(/^- .*/gm) ?? [];
  };

  it("finds what is oversold or overbought, by Wilder's RSI", async () => {
    expect(await found("rsi")).toEqual([
      "- buy FALL: RSI(14) is 0.00",
      "- buy SINK: RSI(14) is 0.00",
      "- sell RISE: RSI(14) is 100.00",
    ]);
  });

  it.each(["macd", "crossover"])(
    "finds by %s what crossed in the last days, and not what crossed before",
    async (strategy) => {
      // Falls for long, and then jumps for two days, or for twenty.
      const turn = (of: number) => days((at) => (at < 60 - of ? 100 - at : 400));
      setPrices(toCsv({ NEW: turn(2), OLD: turn(20), FALL: SERIES.FALL }));
      expect(await found(strategy)).toEqual([expect.stringMatching(/^- buy NEW: .* crossed /)]);
    },
  );
});

describe("an order", () => {
  it("that is rejected is not placed, and the others are", async () => {
    const { agent, model } = setUp({ replanner: REPORT });
    await agent.invoke(TRADE, config);
    const run = await agent.invoke(decide(reject("no more of FALL"), approve), config);
    expect(run.status).toBe("done");
    expect(model.count("replanner")).toBe(1);
    expect(entries()).toEqual([SINK]);
    expect(run.response).not.toContain("99 FALL");
  });

  it("that is edited to less is placed so", async () => {
    const { agent } = setUp({ replanner: REPORT });
    const { args = {} } = requestOf(await agent.invoke(TRADE, config)).actionRequests[0] ?? {};
    await agent.invoke(decide(edit("place_order", { ...args, quantity: 7 }), reject()), config);
    expect(entries()).toEqual([{ symbol: "FALL", quantity: 7, cents: -70_700 }]);
  });

  it("that is edited past a limit is not placed, and the replanner is told which limit", async () => {
    const { agent, model } = setUp({ replanner: REPORT });
    const { args = {} } = requestOf(await agent.invoke(TRADE, config)).actionRequests[0] ?? {};
    // 20 % of 100,000 at 101 are 198.
    const edited = edit("place_order", { ...args, quantity: 199 });
    const run = await agent.invoke(decide(edited, approve), config);
    expect(entries()).toEqual([SINK]);
    expect(statusOf(run, "orders")).toBe("failed");
    const [told] = model.calls.filter(({ role }) => role === "replanner");
    expect(told?.prompt).toContain("over-limit");
    expect(told?.prompt).toContain("maxPosition");
  });

  it("is placed once, however often its call is made", async () => {
    const { agent } = setUp();
    await agent.invoke(TRADE, config);
    const before = await agent.getState(config);
    await agent.invoke(decide(approve, approve), config);
    // From the same checkpoint the same calls are made again, under the same keys.
    const run = await agent.invoke(decide(approve, approve), before.config);
    expect(run.status).toBe("done");
    expect(entries()).toEqual([FALL, SINK]);
    expect(run.response).toContain("- Cash 80,005.00");
  });

  it("always waits, whatever the graph's caller says", () => {
    expect(() => setUp({}, { approval: { tools: { place_order: false } } })).toThrow("every order");
  });

  it("is in the ledger of whoever asked", async () => {
    const workspace = ({ userId = "anybody" }: { userId?: string }) => join(root, userId);
    const { agent } = setUp({}, { workspace });
    for (const userId of ["ann", "bob"]) {
      const own = { configurable: { thread_id: userId, langgraph_auth_user_id: userId } };
      await agent.invoke(TRADE, own);
      await agent.invoke(decide(approve, approve), own);
      expect(entries(userId)).toEqual([FALL, SINK]);
    }
  });
});

describe("prices that change while orders wait", () => {
  const NEWER = toCsv({ ...SERIES, FALL: [...SERIES.FALL, 50] });

  it("lead to a new analysis and new orders, which wait too", async () => {
    const { agent, model } = setUp({ replanner: again() });
    await agent.invoke(TRADE, config);
    setPrices(NEWER);
    const second = await agent.invoke(decide(approve, approve), config);
    expect(entries()).toEqual([]);
    expect(model.count("replanner")).toBe(1);
    expect(JSON.stringify(second.pastSteps)).toContain("prices-changed");
    expect(asked(second)).toEqual([
      expect.stringContaining("FALL at 50"),
      expect.stringContaining("Buy 476 SINK"),
    ]);
    const run = await agent.invoke(decide(approve, approve), config);
    expect(run.status).toBe("done");
    expect(entries()).toMatchObject([{ symbol: "FALL" }, SINK]);
  });

  it("do not bring back what a person rejected", async () => {
    const { agent } = setUp({ replanner: again(["FALL"]) });
    await agent.invoke(TRADE, config);
    setPrices(NEWER);
    const second = await agent.invoke(decide(reject("not FALL"), approve), config);
    expect(asked(second)).toEqual([expect.stringContaining("Buy 476 SINK")]);
    await agent.invoke(decide(approve), config);
    expect(entries()).toEqual([SINK]);
  });
});

it("takes limits only if they are shares", () => {
  expect(() => setUp({}, { maxPosition: 20 })).toThrow();
});
