import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createGraph, graph } from "../../../graphs/finance.js";
import { approve, decide, edit, isWaiting, reject, requestOf } from "../../support/approval.js";
import { closesOf, financeRun, makeFolder, straight, toCsv } from "./finance-run.js";
import { readPdfText } from "./read-pdf-text.js";

// 40 days each. FALL and SINK fall by 1 a day, so that RSI is 0; RISE rises, so that it is 100; FLAT alternates.
const FALL = closesOf("FALL", straight(100, -1, 40));
const SINK = closesOf("SINK", straight(60, -1, 40));
const RISE = closesOf("RISE", straight(10, 1, 40));
const FLAT = closesOf(
  "FLAT",
  Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 20 : 21)),
);
const CSV = toCsv([...FALL, ...SINK, ...RISE, ...FLAT]);
const GOAL =
  "Analyse prices.csv, find opportunities with the rsi strategy, place the orders with maxPosition 10% and riskLimit 2%, and write a report as Markdown and PDF";

describe("the finance graph", () => {
  it("analyses, sizes, asks for each order, places what is approved, and reports", async () => {
    const { ask, answer, query, workspace } = financeRun(CSV);
    const waiting = await ask(GOAL);
    const { actionRequests } = requestOf(waiting);
    // 10 % of 100,000 is 10,000: at 61 (100 - 39) 163 shares, at 21 (60 - 39) 476; 2 % of it is 2,000: a fall of 2 allows 1,000.
    expect(actionRequests.map(({ description }) => description)).toEqual([
      "Buy 163 FALL at 61, the close of 2026-02-09: 9,943.00 in all, on the paper ledger.",
      "Buy 476 SINK at 21, the close of 2026-02-09: 9,996.00 in all, on the paper ledger.",
    ]);
    expect(query("select * from orders")).toEqual([]);
    const run = await answer(decide(approve, approve));
    expect(run.status).toBe("done");
    expect(query("select symbol, side, quantity, price, value_cents from orders order by id")).toEqual([
      { symbol: "FALL", side: "buy", quantity: 163, price: 61, value_cents: 994_300 },
      { symbol: "SINK", side: "buy", quantity: 476, price: 21, value_cents: 999_600 },
    ]);
    // 100,000.00 - 9,943.00 - 9,996.00
    expect(query("select cash_cents from account")).toEqual([{ cash_cents: 8_006_100 }]);
    expect(query("select symbol, quantity from position order by symbol")).toEqual([
      { symbol: "FALL", quantity: 163 },
      { symbol: "SINK", quantity: 476 },
    ]);
    expect(run.response).toContain(
      "- Buy FALL at 61 (2026-02-09): rsi: RSI(14) is 0.00, below 30 (oversold).",
    );
    expect(run.response).toContain(
      "- RISE: no order to sell, since nothing of it is held, and nothing is sold short.",
    );
    const [, markdown = "", pdf = ""] = /^Report: (.+\.md), (.+\.pdf)$/m.exec(run.response) ?? [];
    expect(markdown.startsWith(join(workspace, "reports"))).toBe(true);
    expect(readFileSync(markdown, "utf8")).toContain("| 1 | buy | FALL | 163 | 61 | 9,943.00 |");
    // FLAT gains 0.5 a day over the first 14 changes; 25 more bring it to 14/27 + (1/2 - 13/27) * (13/14)^25.
    const text = readPdfText(readFileSync(pdf));
    for (const part of [
      "RSI(14)",
      "Not FLAT: rsi: RSI(14) is 52.14, between 30 and 70.",
      "9,943.00",
      "Cash 80,061.00",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("follows what the person asks: other columns, file, symbols, strategy, periods, marks and formats", async () => {
    const { ask, setPrices, workspace } = financeRun(undefined);
    setPrices(toCsv([...FALL, ...RISE], "Date;Ticker;Close").replaceAll(",", ";"), "quotes.csv");
    const run = await ask(
      "Analyse RISE from quotes.csv with RSI(10) and 5 and 20 day moving averages, find opportunities with the RSI strategy (overbought above 99), and write it to rise.md; do not place any orders",
    );
    expect(run.status).toBe("done");
    expect(isWaiting(run)).toBe(false);
    expect(run.pastSteps.map(({ tool }) => tool)).toEqual([
      "load_prices",
      "compute_indicators",
      "find_opportunities",
      "write_report",
    ]);
    // The last 5 closes are 45 to 49, the last 20 are 30 to 49.
    const report = readFileSync(join(workspace, "reports", "rise.md"), "utf8");
    expect(report).toMatch(/\| Symbol \| Close \| RSI\(10\) \|.*\| SMA\(5\) \| SMA\(20\) \|/);
    expect(report).toMatch(/\| RISE \| 49 \| 100\.00 \|.*\| 47\.00 \| 39\.50 \|/);
    expect(report).toContain("Sell RISE at 49 (2026-02-09): rsi: RSI(10) is 100.00, above 99");
    expect(report).not.toContain("FALL");
    expect(run.response).not.toContain(".pdf");
  });

  it("places orders that the person names, cut to what the limits allow", async () => {
    const { ask, answer, query } = financeRun(CSV);
    const first = await ask("Buy 10 FLAT and 5,000 FALL");
    // FLAT is at 21 and moves by 1 a day. FALL: 20 % of 100,000 at 61 are 327.
    expect(requestOf(first).actionRequests.map(({ args }) => [args.symbol, args.quantity])).toEqual([
      ["FLAT", 10],
      ["FALL", 327],
    ]);
    const run = await answer(decide(approve, approve));
    expect(run.response).toContain("FALL: cut from 5000 to 327, since maxPosition allows 20 %");
    const sale = await ask("Sell 4 FLAT");
    expect(requestOf(sale).actionRequests).toMatchObject([
      { args: { side: "sell", symbol: "FLAT", quantity: 4 } },
    ]);
    await answer(decide(approve));
    expect(query("select quantity from position where symbol = 'FLAT'")).toEqual([{ quantity: 6 }]);
  });

  it("keeps a second turn's goal, orders and limits apart from the first's", async () => {
    const { ask, answer, query } = financeRun(CSV);
    const found = await ask(
      "Find opportunities in prices.csv with the rsi strategy for FALL, with maxPosition 5%",
    );
    expect(found.response).toContain("buy FALL at 61");
    const waiting = await ask("Place the orders");
    // 5 % of 100,000 at 61: what was said in the turn before still holds.
    expect(requestOf(waiting).actionRequests).toMatchObject([{ args: { symbol: "FALL", quantity: 81 } }]);
    const run = await answer(decide(approve));
    expect(run.status).toBe("done");
    expect(query("select count(*) as orders from orders")).toEqual([{ orders: 1 }]);
  });

  it("says plainly what cannot be done, and does nothing", async () => {
    const { ask } = financeRun(CSV);
    const unknown = await ask("Find opportunities with the bollinger strategy");
    expect(unknown.response).toContain('no strategy "bollinger"');
    expect(unknown.response).toContain("rsi, macd, crossover");
    const symbol = await ask("Work out the indicators for NOPE");
    expect(symbol.response).toContain('prices.csv has no symbol "NOPE". It has FALL, FLAT, RISE, SINK.');
  });

  it.each([
    [undefined, "There is no CSV file in"],
    ["date,symbol\n2026-01-01,A", "has no column for close"],
    [`${CSV}\n2026-02-10,FALL,oops`, 'line 162: close "oops" is no number above zero'],
  ])(
    "ends with the reason where the prices are broken, and leaves nothing half done",
    async (csv, reason) => {
      const { ask, workspace } = financeRun(csv);
      const run = await ask(GOAL.replace("prices.csv", "the prices"));
      expect(isWaiting(run)).toBe(false);
      expect(run.status).toBe("incomplete");
      expect(run.response).toContain(reason);
      expect(() => readFileSync(join(workspace, "ledger.db"))).toThrow();
    },
  );

  it("asks for nothing where there is no opportunity, and still reports", async () => {
    const { ask } = financeRun(toCsv(FLAT));
    const run = await ask(GOAL);
    expect(isWaiting(run)).toBe(false);
    expect(run.status).toBe("done");
    expect(run.response).toContain("There are none.");
    expect(run.response).toContain("No order was placed.");
  });

  it("leaves goals that are none of its field to the model", async () => {
    const { ask } = financeRun(CSV);
    expect((await ask("Sing me a song about the sea")).response).toContain("cannot plan");
  });

  it("is there for the server, over the example's prices", async () => {
    expect(graph.checkpointer).toBeUndefined();
    const run = await createGraph({ model: "offline", workspace: makeFolder() }).invoke({
      input: "Work out the indicators of prices.csv",
    });
    expect(run.status).toBe("done");
    expect(run.pastSteps[0]?.output).toMatchObject({ file: "prices.csv", rows: 500 });
  });
});

describe("the order of a person", () => {
  it("that is rejected is not placed, and not asked for again; the others are", async () => {
    const { ask, answer, query } = financeRun(CSV);
    await ask(GOAL);
    const run = await answer(decide(reject("no more of FALL"), approve));
    expect(isWaiting(run)).toBe(false);
    expect(run.status).toBe("done");
    expect(query("select symbol from orders")).toEqual([{ symbol: "SINK" }]);
    expect(run.response).toContain("The order of FALL was rejected: no more of FALL");
    expect(run.response).toContain("Not placed: buy 163 FALL.");
    expect(run.response).toContain("| 1 | buy | SINK | 476 | 21 | 9,996.00 |");
  });

  it("that is edited to less is placed so", async () => {
    const { ask, answer, query } = financeRun(CSV);
    const { args = {} } = requestOf(await ask(GOAL)).actionRequests[0] ?? {};
    const run = await answer(decide(edit("place_order", { ...args, quantity: 7 }), reject()));
    expect(run.status).toBe("done");
    expect(query("select symbol, quantity from orders")).toEqual([{ symbol: "FALL", quantity: 7 }]);
  });

  it.each([
    [
      "a larger quantity than the limits",
      { quantity: 164 },
      "is more than the 163 that may be: maxPosition allows 10 %",
    ],
    ["another price", { price: 1 }, "cannot name another price"],
    ["another symbol at a made-up price", { symbol: "RISE", price: 2 }, "RISE closed at 49"],
    ["prices that there are not", { version: "made up" }, "The prices have changed since"],
  ])("that is edited to %s is refused, and nothing is placed", async (_, change, why) => {
    const { ask, answer, query, events } = financeRun(CSV);
    const { args = {} } = requestOf(await ask(GOAL)).actionRequests[0] ?? {};
    await answer(decide(edit("place_order", { ...args, ...change }), reject()));
    expect(query("select * from orders")).toEqual([]);
    expect(query("select cash_cents from account")).toEqual([{ cash_cents: 10_000_000 }]);
    const failed = events.filter((event) => event.type === "step.ended" && event.stepId === "orders[0]");
    expect(JSON.stringify(failed)).toContain(why);
  });

  it("cannot be waived by the graph's caller", () => {
    const create = (rule: boolean | { when: () => boolean }) => () =>
      createGraph({ model: "offline", approval: { tools: { place_order: rule } } });
    expect(create(false)).toThrow("every order waits for a person");
    expect(create({ when: () => false })).toThrow("every order waits for a person");
    expect(create(true)).not.toThrow();
  });
});

describe("prices that change", () => {
  // A day more: FALL is at 50 now, SINK where it was.
  const NEWER = toCsv([...FALL, ["2026-02-10", "FALL", 50], ...SINK, ...RISE, ...FLAT]);

  it("while an order waits lead to a new analysis and new orders, which wait for new approval", async () => {
    const { ask, answer, setPrices, query, events } = financeRun(CSV);
    const first = requestOf(await ask(GOAL));
    setPrices(NEWER);
    const second = requestOf(await answer(decide(approve, approve)));
    expect(query("select * from orders")).toEqual([]);
    const failures = events.flatMap((event) => (event.type === "replanning" ? [event.reason] : []));
    expect(failures[0]).toContain(
      "The prices have changed since this was worked out: prices.csv had 160 rows to 2026-02-09",
    );
    expect(failures[0]).toContain("FALL was 61 on 2026-02-09 and is 50 on 2026-02-10.");
    expect(second.requestId).not.toBe(first.requestId);
    // 10,000 at 50 are 200; the fall is 2 × ATR, (13 × 1 + 11) / 14, so 3.43: 2,000 allows 583.
    expect(second.actionRequests.map(({ args }) => [args.symbol, args.quantity, args.price])).toEqual([
      ["FALL", 200, 50],
      ["SINK", 476, 21],
    ]);
    const run = await answer(decide(approve, approve));
    expect(run.status).toBe("done");
    expect(failures).toHaveLength(1);
    expect(query("select symbol, quantity, price from orders order by id")).toEqual([
      { symbol: "FALL", quantity: 200, price: 50 },
      { symbol: "SINK", quantity: 476, price: 21 },
    ]);
    expect(run.response).toContain("161 rows to 2026-02-10");
    expect(run.response).toContain("The prices changed while the work went on");
  });

  it("between two steps are found before anybody is asked", async () => {
    let change: (() => void) | undefined;
    const reasons: string[] = [];
    const { ask, setPrices } = financeRun(CSV, {
      executor: { concurrency: 1 },
      onEvent: (event) => {
        if (event.type === "step.ended" && event.stepId === "opportunities") {
          change?.();
        }
        if (event.type === "replanning") {
          reasons.push(event.reason);
        }
      },
    });
    change = () => {
      change = undefined;
      setPrices(NEWER);
    };
    const waiting = await ask(GOAL);
    expect(reasons).toEqual([expect.stringContaining("step risk ended failed")]);
    expect(requestOf(waiting).actionRequests[0]?.args).toMatchObject({
      symbol: "FALL",
      price: 50,
      quantity: 200,
    });
  });

  it("do not bring back an order that was rejected", async () => {
    const { ask, answer, setPrices, query } = financeRun(CSV);
    await ask(GOAL);
    setPrices(NEWER);
    const second = requestOf(await answer(decide(reject("not FALL"), approve)));
    expect(second.actionRequests.map(({ args }) => args.symbol)).toEqual(["SINK"]);
    const run = await answer(decide(approve));
    expect(query("select symbol from orders")).toEqual([{ symbol: "SINK" }]);
    expect(run.response).toContain("The order of FALL was rejected: not FALL");
  });

  it("again and again end the run as incomplete, with nothing placed", async () => {
    const { ask, answer, setPrices, query } = financeRun(CSV);
    let run = await ask(GOAL);
    for (let price = 50; isWaiting(run); price -= 1) {
      setPrices(NEWER.replace("FALL,50", `FALL,${price}`));
      run = await answer(decide(...requestOf(run).actionRequests.map(() => approve)));
    }
    expect(run.status).toBe("incomplete");
    expect(run.response).toContain("The prices have changed since");
    expect(query("select * from orders")).toEqual([]);
  });

  it("to a file that is gone or broken are told, with nothing placed", async () => {
    const { ask, answer, setPrices, query } = financeRun(CSV);
    await ask(GOAL);
    setPrices("date,symbol,close\n2026-01-01,FALL,broken");
    const run = await answer(decide(approve, approve));
    expect(run.response).toContain('close "broken" is no number above zero');
    expect(query("select * from orders")).toEqual([]);
  });
});
