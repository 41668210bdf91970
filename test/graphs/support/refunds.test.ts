import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { makeRefund, type refundSchema } from "../../../graphs/support/make-refund.js";
import type { RunFacts } from "../../../graphs/support/run-facts.js";
import { withDatabase } from "../../../graphs/support/support-database.js";
import { approve, decide, edit, isWaiting, requestOf } from "../../support/approval.js";
import { planCall, scriptedByRole } from "../../support/scripted-model.js";
import { files, openShop, readRefunds, threadOf } from "./shop.js";

const goal = "Refund the kettle of order 77, it is broken";
const call: z.infer<typeof refundSchema> = {
  order: "77",
  items: [{ item: "77a" }],
  reason: "damaged",
  amount: 60,
  currency: "CHF",
};

/** Facts of a run in which a person approved these calls. */
function facts(key: string | undefined, ...approved: readonly Record<string, unknown>[]): RunFacts {
  const decisions = approved.map((args) => ({ type: "approve" as const, shown: { tool: "refund", args } }));
  return { user: undefined, idempotencyKey: key, startedAt: undefined, decisions };
}

describe("of an order never more is refunded than is left", () => {
  it("where two threads refund it at the same time: one is made, the other tells why not", async () => {
    const { agent, refunds } = openShop();
    const threads = ["1", "2", "3", "4"].map((id) => threadOf(id));
    for (const thread of threads) {
      expect(isWaiting(await agent.invoke({ input: goal }, thread))).toBe(true);
    }
    const runs = await Promise.all(threads.map((thread) => agent.invoke(decide(approve), thread)));
    expect(await refunds()).toMatchObject([{ order: "77", cents: 6_000 }]);
    const responses = runs.map(({ response }) => response);
    expect(responses.filter((text) => text.includes("We have refunded 60.00 CHF"))).toHaveLength(1);
    const refused = "60.00 CHF cannot be refunded: of order 77 (77a), nothing is left to refund.";
    expect(responses.filter((text) => text === `Nothing was refunded. ${refused}`)).toHaveLength(3);
  });

  it("where an order's items are refunded one by one and then as a whole", async () => {
    const { agent, refunds } = openShop();
    for (const [id, goalOfTurn] of [goal, "Refund the cups of order 77, they are broken"].entries()) {
      await agent.invoke({ input: goalOfTurn }, threadOf(String(id)));
      await agent.invoke(decide(approve), threadOf(String(id)));
    }
    const third = await agent.invoke({ input: "Refund the whole order 77, it is broken" }, threadOf("3"));
    expect(isWaiting(third)).toBe(false);
    expect(third.response).toContain("- Cook book: Books stay sold.");
    expect((await refunds()).map(({ cents }) => cents)).toEqual([6_000, 3_030]);
  });

  it("where an approver edits the amount: what is left is worked out anew, and a person is asked anew", async () => {
    const { agent, refunds } = openShop();
    const thread = threadOf("1");
    await agent.invoke({ input: goal }, thread);
    const again = await agent.invoke(decide(edit("refund", { ...call, amount: 110.31 })), thread);
    expect(again.pastSteps.find(({ id }) => id === "refund")?.error?.message).toContain(
      "110.31 CHF cannot be refunded: of order 77 (77a), only 60.00 CHF is left to refund.",
    );
    expect(requestOf(again).actionRequests).toMatchObject([{ args: { amount: 60 } }]);
    await agent.invoke(decide(approve), thread);
    expect(await refunds()).toMatchObject([{ cents: 6_000 }]);
  });

  it("where a manager grants more than the policy: up to what was paid, and no cent more", async () => {
    const { agent, refunds } = openShop();
    const cups = { ...call, items: [{ item: "77b" }], reason: "changed_mind" };
    const asManager = async (id: string, amount: number) => {
      const input = "Refund the cups of order 77, I do not like them";
      const asked = await agent.invoke({ input }, threadOf(id, "max"));
      expect(requestOf(asked).actionRequests).toMatchObject([{ args: { ...cups, amount: 26.51 } }]);
      return agent.invoke(decide(edit("refund", { ...cups, amount })), threadOf(id, "max"));
    };
    await asManager("1", 30.31);
    expect(await refunds()).toEqual([]);
    const granted = await asManager("2", 30.3);
    expect(granted.response).toContain(
      "refunded 30.30 CHF to you.\nBy our policy it would have been 26.51 CHF.",
    );
    expect(await refunds()).toMatchObject([{ cents: 3_030, approved_by: "max" }]);
  });

  it("where an agent edits it above what the policy allows, nothing is refunded", async () => {
    const { agent, refunds } = openShop();
    const asked = await agent.invoke(
      { input: "Refund the cups of order 77, I do not like them" },
      threadOf("1"),
    );
    const [action] = requestOf(asked).actionRequests;
    const run = await agent.invoke(decide(edit("refund", { ...action?.args, amount: 26.52 })), threadOf("1"));
    expect(run.response).toContain("26.52 CHF is more than the 26.51 CHF that the policy allows");
    expect(run.status).toBe("incomplete");
    expect(await refunds()).toEqual([]);
  });
});

describe("the refund itself", () => {
  it("is made once for each key, and gives the same again", async () => {
    const shop = openShop();
    const first = await withDatabase(shop, (database) =>
      makeRefund(database, facts("t:1", call), call, "2030-03-15"),
    );
    expect(first).toEqual({
      order: "77",
      amount: 60,
      currency: "CHF",
      madeOn: "2030-03-15",
      leftOfOrder: 50.3,
    });
    const second = await withDatabase(shop, (database) =>
      makeRefund(database, facts("t:1", call), call, "2030-03-16"),
    );
    expect(second).toEqual(first);
    const other = { ...call, amount: 1 };
    const another = withDatabase(shop, (database) =>
      makeRefund(database, facts("t:1", other), other, "2030-03-15"),
    );
    await expect(another).rejects.toThrow("This step has refunded 60.00 CHF of order 77 before.");
    expect(await readRefunds(shop.workspace)).toHaveLength(1);
  });

  it.each([
    ["without a key", facts(undefined, call), call, "idempotency key"],
    ["without a person's word", facts("k"), call, "the word of a person"],
    ["on a person's word on another call", facts("k", { ...call, amount: 59 }), call, "the word of a person"],
    [
      "in another currency",
      facts("k", { ...call, currency: "EUR" }),
      { ...call, currency: "EUR" },
      "paid in CHF",
    ],
    [
      "of an order that is not there",
      facts("k", { ...call, order: "7" }),
      { ...call, order: "7" },
      "no order 7",
    ],
  ])("is not made %s", async (_how, run, refund, why) => {
    const shop = openShop();
    const made = withDatabase(shop, (database) => makeRefund(database, run, refund, "2030-03-15"));
    await expect(made).rejects.toThrow(why);
    expect(await readRefunds(shop.workspace)).toEqual([]);
  });

  it("waits for a person even where the options would not have it", async () => {
    const { agent } = openShop({}, { approval: { tools: { refund: false } } });
    expect(isWaiting(await agent.invoke({ input: goal }, threadOf("1")))).toBe(true);
  });

  it("is kept by item", async () => {
    const shop = openShop();
    await shop.agent.invoke({ input: goal }, threadOf("1"));
    await shop.agent.invoke(decide(approve), threadOf("1"));
    const rows = await withDatabase(shop, (database) => database.prepare("select * from refund_items").all());
    expect(rows).toMatchObject([{ item: "77a", cents: 6_000 }]);
  });
});

describe("the data", () => {
  it("that changes is followed, and refunds that were made stay", async () => {
    const shop = openShop();
    await shop.agent.invoke({ input: goal }, threadOf("1"));
    await shop.agent.invoke(decide(approve), threadOf("1"));
    const path = join(shop.data, "order-items.csv");
    shop.write("order-items", readFileSync(path, "utf8").replace("60.00", "75.25"));
    shop.write(
      "refund-policies",
      "category,reason,refundable,window_days,fee_percent,max_without_manager,note\nany,any,yes,14,20,,\n",
    );
    const asked = await shop.agent.invoke({ input: goal }, threadOf("2"));
    // 75.25 less 20 %, which is 15.05, less the 60.00 that were refunded: 0.20.
    expect(requestOf(asked).actionRequests).toMatchObject([{ args: { amount: 0.2 } }]);
    expect(await shop.refunds()).toHaveLength(1);
  });

  it.each([
    ["a missing file", "staff", undefined, /staff\.csv cannot be read/],
    [
      "a missing column",
      "customers",
      "customer,name\nK7,Rosa\n",
      /customers\.csv, line 2, column email: the column is missing/,
    ],
    [
      "a broken row",
      "order-items",
      `${files["order-items"]}77,77z,Fork,kitchen,0,1.00\n`,
      /line 7, column quantity: "0": must be at least 1/,
    ],
    [
      "an amount that is none",
      "order-items",
      `${files["order-items"]}77,77z,Fork,kitchen,1,1.005\n`,
      /line 7, column unit_price: "1\.005"/,
    ],
    [
      "a window that is left out",
      "refund-policies",
      "category,reason,refundable,window_days,fee_percent,max_without_manager,note\nany,any,yes,,,,\n",
      /line 2, column window_days/,
    ],
    [
      "an order of nobody",
      "orders",
      `${files.orders}99,K99,CHF,2030-01-01,\n`,
      /orders\.csv: there is no customer K99/,
    ],
    [
      "an order that is there twice",
      "orders",
      `${files.orders}77,K8,CHF,2030-01-01,\n`,
      /orders\.csv has 77 twice/,
    ],
    [
      "a row with too many fields",
      "customers",
      `${files.customers}K9,A,a@b.test,1,2\n`,
      /customers\.csv is no CSV table/,
    ],
  ])("with %s is refused by name, and nothing is half done", async (_what, name, content, why) => {
    const { agent, data, workspace, write } = openShop();
    await agent.invoke({ input: "What did rosa@shop.test order?" }, threadOf("1"));
    const broken = openShop({ [name]: content }, { workspace });
    const run = await broken.agent.invoke({ input: goal }, threadOf("1"));
    expect(isWaiting(run)).toBe(false);
    expect(run.response).toMatch(why);
    write(name, files[name] ?? "");
    expect(
      isWaiting(await openShop({}, { data, workspace }).agent.invoke({ input: goal }, threadOf("1"))),
    ).toBe(true);
  });
});

it("a real model's plan is right without the playbook: one plan, no closing call", async () => {
  const model = scriptedByRole({
    planner: planCall(
      [
        { id: "account", tool: "find_customer", args: { who: "rosa@shop.test" } },
        {
          id: "check",
          tool: "check_refund",
          args: { order: "77", items: [{ item: "77b" }], reason: "changed_mind" },
        },
        {
          id: "refund",
          tool: "refund",
          args: {
            order: "77",
            items: [{ item: "77b" }],
            reason: "changed_mind",
            amount: "{{check.amount}}",
            currency: "{{check.currency}}",
          },
          if: "{{check.refundable}}",
        },
        { id: "reply", tool: "draft_reply", args: { check: "{{check}}", refund: "{{refund}}" } },
      ],
      "reply",
    ),
  });
  const { agent, refunds } = openShop({}, { model, checkpointer: new MemorySaver() });
  await agent.invoke({ input: "the cups go back" }, threadOf("1"));
  const done = await agent.invoke(decide(approve), threadOf("1"));
  expect(done.response).toContain("We have refunded 26.51 CHF to you.");
  expect(await refunds()).toMatchObject([{ cents: 2_651 }]);
  expect(model.count()).toBe(1);
});
