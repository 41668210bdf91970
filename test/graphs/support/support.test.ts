import { describe, expect, it } from "vitest";
import { byId } from "../../support/agent-run.js";
import { approve, decide, edit, isWaiting, reject, requestOf } from "../../support/approval.js";
import { files, openShop, threadOf } from "./shop.js";

const thread = threadOf("1");
const goal = "rosa@shop.test writes: the kettle of order 77 arrived broken, I want my money back";

describe("a refund", () => {
  it("is looked up side by side, worked out by the policy's rows, approved, made, and told in exact numbers", async () => {
    const { agent, refunds, events } = openShop();
    const asked = await agent.invoke({ input: goal }, thread);
    expect(asked.status).toBe("waiting");
    const planned = events.flatMap((event) => (event.type === "plan.generated" ? [event.steps] : []));
    expect(planned[0]?.map(({ tool, dependsOn }) => [tool, dependsOn])).toEqual([
      ["find_customer", undefined],
      ["order_history", undefined],
      ["refund_policy", undefined],
    ]);
    expect(requestOf(asked).actionRequests).toMatchObject([
      {
        name: "refund",
        args: { order: "77", items: [{ item: "77a" }], reason: "damaged", amount: 60, currency: "CHF" },
      },
    ]);
    expect(requestOf(asked).actionRequests[0]?.description).toContain("Refund 60.00 CHF of order 77 for 77a");
    expect(await refunds()).toEqual([]);

    const done = await agent.invoke(decide(approve), thread);
    expect(done.status).toBe("done");
    expect(await refunds()).toEqual([
      { order: "77", cents: 6_000, reason: "damaged", made_on: "2030-03-15", approved_by: null },
    ]);
    expect(done.response).toContain("Dear Rosa Ruiz,");
    expect(done.response).toContain(
      "We have refunded 60.00 CHF to you.\n- Water kettle: 60.00 CHF (60.00 CHF paid)",
    );
    expect(done.usage.byRole).toMatchObject({ planner: { calls: 1 }, replanner: { calls: 1 } });
  });

  it("takes the fee of the row off, halves of a cent rounded up: 12.5 % of 3 × 10.10 is 3.79", async () => {
    const { agent, refunds } = openShop();
    await agent.invoke({ input: "Order 77: I changed my mind about the tea cups, refund please" }, thread);
    const done = await agent.invoke(decide(approve), thread);
    // 30.30 × 0.125 = 3.7875
    expect(await refunds()).toMatchObject([{ cents: 2_651 }]);
    expect(done.response).toContain(
      "3 × Tea cup: 26.51 CHF (30.30 CHF paid, less a restocking fee of 3.79 CHF)",
    );
  });

  it("is of as many as are named", async () => {
    const { agent } = openShop();
    const asked = await agent.invoke({ input: "Refund order 77: two of the three cups were broken" }, thread);
    expect(requestOf(asked).actionRequests).toMatchObject([
      { args: { items: [{ item: "77b", quantity: 2 }], amount: 20.2 } },
    ]);
  });

  it("is of the amount that is asked for, where that is less than the policy allows", async () => {
    const { agent, refunds } = openShop();
    await agent.invoke({ input: "Refund CHF 15.50 for the broken kettle of order 77" }, thread);
    const part = await agent.invoke(decide(approve), thread);
    expect(await refunds()).toMatchObject([{ cents: 1_550 }]);
    expect(part.response).toContain("We have refunded 15.50 CHF to you.\n\nKind regards");
    // 60.00 less 15.50 that were refunded before.
    const asked = await agent.invoke({ input: "Refund the kettle of order 77: it is broken" }, thread);
    expect(requestOf(asked).actionRequests).toMatchObject([{ args: { amount: 44.5 } }]);
    const done = await agent.invoke(decide(approve), thread);
    expect(done.response).toContain("44.50 CHF (60.00 CHF paid, less what was refunded before)");
    const third = await agent.invoke({ input: "Refund the kettle of order 77: it is broken" }, thread);
    expect(isWaiting(third)).toBe(false);
    expect(third.response).toContain("Water kettle: all that can be refunded of it was refunded before.");
    expect(await refunds()).toHaveLength(2);
  });

  it("that a person edits is made as they wrote it, and the reply tells what was really refunded", async () => {
    const { agent, refunds } = openShop();
    const asked = await agent.invoke({ input: goal }, thread);
    const [action] = requestOf(asked).actionRequests;
    const done = await agent.invoke(decide(edit("refund", { ...action?.args, amount: 41.05 })), thread);
    expect(await refunds()).toMatchObject([{ cents: 4_105 }]);
    expect(done.status).toBe("done");
    expect(done.response).toContain(
      "We have refunded 41.05 CHF to you.\nBy our policy it could have been up to 60.00 CHF.",
    );
  });

  it("that a person rejects is not made, and the reply gives their reason", async () => {
    const { agent, refunds } = openShop();
    await agent.invoke({ input: goal }, thread);
    const done = await agent.invoke(decide(reject("A new kettle was sent on Monday.")), thread);
    expect(await refunds()).toEqual([]);
    expect(done.response).toContain(
      "a refund of 60.00 CHF, and it was not approved: A new kettle was sent on Monday. Nothing was refunded.",
    );
    expect(byId(done.pastSteps).refund).toMatchObject({ status: "rejected" });
  });

  it("that the policy refuses asks nobody, and the reply says why, item by item", async () => {
    const { agent, refunds } = openShop();
    const late = await agent.invoke({ input: "Refund order 90, I do not like the radio" }, thread);
    expect(late.status).toBe("done");
    // From 2030-01-04 to 2030-03-15: 27 + 28 + 15 days.
    expect(late.response).toContain(
      "- Radio: it was delivered on 2030-01-04, 70 days before you asked, and returns without a fault can be refunded within 10 days.",
    );
    const some = await agent.invoke(
      { input: "I want to return the whole order 77, I changed my mind" },
      thread,
    );
    // 60.00 and 30.30, less 7.50 and 3.79: 79.01, which is above the 70.00 of the kitchen's row.
    expect(requestOf(some).actionRequests).toMatchObject([{ args: { amount: 79.01 } }]);
    const done = await agent.invoke(decide(reject()), thread);
    expect(done.response).toContain("a refund of 79.01 CHF, and it was not approved. Nothing was refunded.");
    expect(await refunds()).toEqual([]);
  });

  it.each([
    ["2030-03-14", 13, true],
    ["2030-03-15", 14, true],
    ["2030-03-16", 15, false],
  ])("on %s, %i days after delivery, a window of 14 days says %s", async (today, _days, isWaitingThen) => {
    const { agent } = openShop({}, { today });
    expect(isWaiting(await agent.invoke({ input: goal }, thread))).toBe(isWaitingThen);
  });
});

describe("a question", () => {
  const asks = async (input: string, changes: Record<string, string> = {}) => {
    const { agent, refunds } = openShop(changes);
    const run = await agent.invoke({ input }, thread);
    expect(isWaiting(run)).toBe(false);
    expect(await refunds()).toEqual([]);
    return run.response;
  };

  it.each([
    [
      "who it is",
      "I want a refund, it is broken",
      /e-mail address, the customer number or the order's number/,
    ],
    [
      "where nobody is known",
      "Refund for nobody@shop.test",
      /no customer and no order under nobody@shop\.test/,
    ],
    [
      "which order",
      "Refund for rosa@shop.test please",
      /Which order[\s\S]*- 78: Toaster[\s\S]*- 77: Water kettle/,
    ],
    ["which order of theirs", "rosa@shop.test: refund for order 90", /no order 90 on this account/],
    [
      "which items",
      "Order 77 was broken, refund please",
      /Which items of order 77.*Water kettle, Tea cup, Cook book/,
    ],
    ["which of several orders", "Refund orders 77 and 78", /one order at a time: which of 77, 78/],
    ["which currency", "Refund EUR 5 for the kettle of order 77, it is broken", /paid in CHF/],
  ])("is asked instead of a guess: %s", async (_what, input, question) => {
    expect(await asks(input)).toMatch(question);
  });

  it("is asked where several customers match", async () => {
    const both = `${files.customers}K9,Rolf Ruiz,rosa@shop.test,2030\n`;
    expect(await asks("Refund for rosa@shop.test", { customers: both })).toMatch(/^2 customers are known/);
  });

  it("is asked where two items fit the words", async () => {
    const items = `${files["order-items"]}77,77d,Egg cup,kitchen,1,5.00\n`;
    const words = "Order 77: the cup is broken, refund please";
    expect(await asks(words, { "order-items": items })).toMatch(/is it about: Tea cup, Egg cup\?/);
  });

  it("is not asked where the words fit one order better than the others", async () => {
    const items = files["order-items"]?.replace("Toaster", "Milk kettle") ?? "";
    const { agent } = openShop({ "order-items": items });
    const run = await agent.invoke(
      { input: "rosa@shop.test: the milk kettle is broken, refund please" },
      thread,
    );
    expect(requestOf(run).actionRequests).toMatchObject([{ args: { order: "78", amount: 45.5 } }]);
    expect(
      await asks("rosa@shop.test: the kettle is broken, refund please", { "order-items": items }),
    ).toContain("I cannot tell which order is meant.");
  });

  it("about what a refund would come to changes nothing", async () => {
    expect(await asks("Can I return the kettle of order 77? I do not like it")).toContain(
      "52.50 CHF can be refunded for it (returns without a fault). It has not been refunded yet.",
    );
  });

  it("about orders and about the policy is answered from the data", async () => {
    expect(await asks("What did rosa@shop.test order?")).toContain(
      "- 77: Water kettle, 3 × Tea cup, Cook book; ordered on 2030-02-20, delivered on 2030-03-01; 110.30 CHF paid",
    );
    expect(await asks("What is the refund policy for books?")).toContain(
      "books, any reason: not refunded. Books stay sold.",
    );
  });
});

it("goals that are none of a support desk's are left to the general rules", async () => {
  const { agent } = openShop();
  expect((await agent.invoke({ input: "Sing me a song about the sea" }, thread)).response).toContain(
    "cannot plan",
  );
});
