import { describe, expect, it } from "vitest";
import { approve, decide, isWaiting, requestOf } from "../../support/approval.js";
import { planCall, scriptedByRole } from "../../support/scripted-model.js";
import { closesOf, financeRun, straight, toCsv } from "./finance-run.js";

// FALL falls by 1 a day to 61: 20 % of 100,000 are 327 shares, 10 % are 163.
const CSV = toCsv(closesOf("FALL", straight(100, -1, 40)));
const VERSION = { price: 61, date: "2026-02-09", file: "prices.csv", version: "{{prices.version}}" };

/** A model that makes up an order of its own, without asking the policy. */
function boldModel(orders: readonly object[], answer = "done") {
  return scriptedByRole({
    planner: planCall([
      { id: "prices", tool: "load_prices", args: {} },
      ...orders.map((order, at) => ({
        id: `order${at}`,
        tool: "place_order",
        args: { symbol: "FALL", side: "buy", quantity: 10, ...VERSION, ...order },
        dependsOn: ["prices"],
      })),
    ]),
    replanner: answer,
  });
}

describe("a model that makes up its own orders", () => {
  it.each([
    ["more than maxPosition", {}, { quantity: 328 }, "Buy", "more than the 327 that may be: maxPosition"],
    [
      "more than the goal's words allow",
      {},
      { quantity: 164 },
      "Buy with maxPosition 10%",
      "more than the 163",
    ],
    [
      "more than riskLimit",
      { riskLimit: 0.001 },
      { quantity: 51 },
      "Buy",
      "more than the 50 that may be: riskLimit",
    ],
    ["a short sale", {}, { side: "sell" }, "Sell", "nothing is sold short"],
    ["a price that there is not", {}, { price: 1 }, "Buy", "cannot name another price"],
    ["prices that there are not", {}, { version: "1 rows" }, "Buy", "The prices have changed since"],
  ])("is refused %s before anybody is asked", async (_, options, order, goal, why) => {
    const { ask, query } = financeRun(CSV, {
      model: boldModel([order]),
      replanner: { maxReplans: 0 },
      ...options,
    });
    const run = await ask(goal);
    expect(isWaiting(run)).toBe(false);
    expect(run.pastSteps.find(({ id }) => id === "order0")).toMatchObject({
      status: "failed",
      error: { code: "REFUSED", message: expect.stringContaining(why) },
    });
    expect(query("select * from orders")).toEqual([]);
  });

  it("cannot come past a limit with orders that keep it one by one", async () => {
    const model = boldModel([{ quantity: 200 }, { quantity: 200 }]);
    const { ask, answer, query } = financeRun(CSV, { model, replanner: { maxReplans: 0 } });
    expect(requestOf(await ask("Buy")).actionRequests).toHaveLength(2);
    const run = await answer(decide(approve, approve));
    // Of 327 the first takes 200, so that 127 are left.
    expect(query("select quantity from orders")).toEqual([{ quantity: 200 }]);
    expect(run.pastSteps.find(({ status }) => status === "failed")?.error?.message).toContain(
      "more than the 127 that may be",
    );
  });

  it("is served as well as the offline one where it keeps to the tools", async () => {
    const { ask, answer, query } = financeRun(CSV, {
      model: scriptedByRole({
        planner: planCall(
          [
            { id: "p", tool: "load_prices", args: {} },
            { id: "o", tool: "find_opportunities", args: { strategies: ["rsi"], version: "{{p.version}}" } },
            {
              id: "r",
              tool: "check_risk",
              args: { opportunities: "{{o.opportunities}}", version: "{{p.version}}", maxPosition: 0.9 },
            },
            {
              id: "b",
              tool: "place_order",
              forEach: "{{r.orders}}",
              args: Object.fromEntries(
                ["symbol", "side", "quantity", "price", "date", "file", "version"].map((key) => [
                  key,
                  `{{item.${key}}}`,
                ]),
              ),
            },
            {
              id: "w",
              tool: "write_report",
              args: { version: "{{p.version}}", risk: "{{r}}", formats: ["markdown"] },
            },
          ],
          "w",
        ),
      }),
    });
    await ask("Trade by RSI");
    const run = await answer(decide(approve));
    expect(run.status).toBe("done");
    expect(query("select quantity from orders")).toEqual([{ quantity: 327 }]);
    expect(run.response).toContain("| 1 | buy | FALL | 327 | 61 | 19,947.00 |");
  });
});

describe("a run that is cut off between its orders", () => {
  it("goes on where it was, and places each order once", async () => {
    const rows = ["A", "B", "C"].flatMap((symbol) => closesOf(symbol, straight(100, -1, 40)));
    const controller = new AbortController();
    const { agent, thread, ask, query } = financeRun(toCsv(rows), {
      executor: { concurrency: 1 },
      onEvent: (event) => {
        if (event.type === "step.ended" && event.stepId === "orders[0]") {
          controller.abort(new Error("killed"));
        }
      },
    });
    await ask("Find opportunities with the rsi strategy and place the orders, with maxPosition 10%");
    const cut = agent.invoke(decide(approve, approve, approve), { ...thread, signal: controller.signal });
    await expect(cut).rejects.toThrow("killed");
    const placed = query("select symbol from orders");
    expect(placed.length).toBeGreaterThan(0);
    expect(placed.length).toBeLessThan(3);
    const run = await agent.invoke(null, thread);
    expect(run.status).toBe("done");
    expect(query("select symbol, quantity from orders order by symbol")).toEqual([
      { symbol: "A", quantity: 163 },
      { symbol: "B", quantity: 163 },
      { symbol: "C", quantity: 163 },
    ]);
    // 100,000.00 less three times 163 at 61.
    expect(query("select cash_cents from account")).toEqual([{ cash_cents: 7_017_100 }]);
  });
});
