import { MemorySaver } from "@langchain/langgraph";
import { steer } from "langgraph-plan-execute";
import { describe, expect, it } from "vitest";
import { answer, approve, decide, isWaiting, requestOf } from "../../support/approval.js";
import { openShop, threadOf } from "./shop.js";

const thread = threadOf("1");
const broken = "rosa@shop.test writes: everything of order 77 arrived broken, I want my money back";
const say = (text: string) => ({ type: "message", text }) as const;

/** A shop in which the refund of a whole order waits: 60.00 for the kettle, 30.30 for the cups, nothing for the book. */
async function waiting(checkpointer = new MemorySaver()) {
  const shop = openShop({}, { checkpointer });
  const asked = requestOf(await shop.agent.invoke({ input: broken }, thread));
  expect(asked.actionRequests).toMatchObject([{ name: "refund", args: { order: "77", amount: 90.3 } }]);
  return { ...shop, asked };
}

describe("while a refund waits", () => {
  it("new words make the plan anew, ask anew, and the refund as it was is never made", async () => {
    const { agent, asked, refunds } = await waiting();
    await steer(agent, "1", say("Only the cups were broken"), { by: "agnes" });
    const again = await agent.invoke(null, thread);
    const request = requestOf(again);
    expect(request.requestId).not.toBe(asked.requestId);
    expect(request.actionRequests).toMatchObject([{ args: { items: [{ item: "77b" }], amount: 30.3 } }]);
    expect(await refunds()).toEqual([]);

    const crossed = await agent.invoke(answer({ requestId: asked.requestId, decisions: [approve] }), thread);
    expect(requestOf(crossed).error).toContain(asked.requestId);
    expect(await refunds()).toEqual([]);

    const done = await agent.invoke(decide(approve), thread);
    expect(await refunds()).toMatchObject([{ order: "77", cents: 3_030 }]);
    expect(done.status).toBe("done");
    expect(done.response).toContain(
      "We have refunded 30.30 CHF to you.\n- 3 × Tea cup: 30.30 CHF (30.30 CHF paid)",
    );
    expect(done.response).not.toContain("kettle");
  });

  it("words upon words are read together, also where they change the order", async () => {
    const { agent, refunds } = await waiting();
    await steer(agent, "1", say("Actually it was order 78"));
    const other = requestOf(await agent.invoke(null, thread));
    expect(other.actionRequests).toMatchObject([{ args: { order: "78", reason: "damaged", amount: 45.5 } }]);
    await steer(agent, "1", say("No, it was not broken, I no longer need it"));
    const reason = requestOf(await agent.invoke(null, thread));
    // 45.50 less 12.5 %, which is 5.6875 and so 5.69.
    expect(reason.actionRequests).toMatchObject([
      { args: { order: "78", reason: "changed_mind", amount: 39.81 } },
    ]);
    await agent.invoke(decide(approve), thread);
    expect(await refunds()).toMatchObject([{ order: "78", cents: 3_981 }]);
  });

  it("another customer is looked up anew", async () => {
    const { agent } = await waiting();
    await steer(
      agent,
      "1",
      say("Sorry, this is from customer K8, order 90, the radio is broken, refund please"),
    );
    const run = await agent.invoke(null, thread);
    expect(isWaiting(run)).toBe(false);
    expect(run.response).toContain("Dear Sven Sund,");
    expect(run.response).toContain(
      "70 days before you asked, and damaged goods can be refunded within 10 days",
    );
  });

  it("words that change nothing ask for the same again", async () => {
    const { agent, asked } = await waiting();
    await steer(agent, "1", say("Please hurry, the order arrived broken"));
    const again = requestOf(await agent.invoke(null, thread));
    expect(again.requestId).not.toBe(asked.requestId);
    expect(again.actionRequests).toMatchObject([{ args: asked.actionRequests[0]?.args }]);
  });

  it("words that leave a doubt end in a question, and words that take it back in nothing", async () => {
    const first = await waiting();
    await steer(first.agent, "1", say("Actually it was order 90"));
    const doubt = await first.agent.invoke(null, thread);
    expect([isWaiting(doubt), doubt.response]).toEqual([
      false,
      expect.stringContaining("no order 90 on this account"),
    ]);
    const second = await waiting();
    await steer(second.agent, "1", say("Never mind, she keeps it all"));
    const end = await second.agent.invoke(null, thread);
    expect([isWaiting(end), end.response]).toEqual([false, "Very well: nothing is refunded."]);
    expect([...(await first.refunds()), ...(await second.refunds())]).toEqual([]);
  });

  it("a new message ends the request: the refund is not made, and its answer comes too late", async () => {
    const { agent, asked, refunds, events } = await waiting();
    const second = await agent.invoke({ input: "Only one of the cups was broken" }, thread);
    expect(events).toContainEqual(
      expect.objectContaining({ type: "approval.expired", requestId: asked.requestId }),
    );
    expect(requestOf(second).actionRequests).toMatchObject([
      { args: { order: "77", items: [{ item: "77b", quantity: 1 }], reason: "damaged", amount: 10.1 } },
    ]);
    const late = await agent.invoke(answer({ requestId: asked.requestId, decisions: [approve] }), thread);
    expect(isWaiting(late)).toBe(true);
    expect(await refunds()).toEqual([]);
    await agent.invoke(decide(approve), thread);
    expect(await refunds()).toMatchObject([{ cents: 1_010 }]);
  });
});

describe("in the next turn", () => {
  it("what is said is read with what was said before", async () => {
    const { agent, refunds } = openShop();
    await agent.invoke({ input: "rosa@shop.test: the cups of order 77 are broken, refund please" }, thread);
    await agent.invoke(decide(approve), thread);
    const second = await agent.invoke({ input: "Actually it was order 78" }, thread);
    expect(second.response).toContain("Which items of order 78 is it about");
    const third = await agent.invoke({ input: "the toaster" }, thread);
    expect(requestOf(third).actionRequests).toMatchObject([
      { args: { order: "78", items: [{ item: "78a" }], reason: "damaged", amount: 45.5 } },
    ]);
    const done = await agent.invoke(decide(approve), thread);
    expect(done.response).toContain("We have refunded 45.50 CHF to you.");
    expect(await refunds()).toMatchObject([
      { order: "77", cents: 3_030 },
      { order: "78", cents: 4_550 },
    ]);
  });

  it("an answer to a question goes on where it was asked", async () => {
    const { agent } = openShop();
    expect((await agent.invoke({ input: "I want a refund, it is broken" }, thread)).response).toContain(
      "Who is the",
    );
    const run = await agent.invoke({ input: "78" }, thread);
    expect(requestOf(run).actionRequests).toMatchObject([
      { args: { order: "78", reason: "damaged", amount: 45.5 } },
    ]);
  });

  it("a yes to what a refund would come to makes it, behind approval", async () => {
    const { agent, refunds } = openShop();
    const first = await agent.invoke(
      { input: "Can I return the toaster of order 78? I do not like it" },
      thread,
    );
    expect(isWaiting(first)).toBe(false);
    const second = await agent.invoke({ input: "Yes, please" }, thread);
    expect(requestOf(second).actionRequests).toMatchObject([{ args: { order: "78", amount: 39.81 } }]);
    expect(await refunds()).toEqual([]);
  });

  it("another customer's request begins anew", async () => {
    const { agent } = openShop();
    await agent.invoke({ input: "rosa@shop.test: the cups of order 77 are broken, refund please" }, thread);
    const run = await agent.invoke({ input: "Refund for sven@shop.test please" }, thread);
    expect(run.response).toContain("Dear Sven Sund,");
  });
});
