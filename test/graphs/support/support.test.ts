import { steer } from "langgraph-plan-execute";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { byId } from "../../support/agent-run.js";
import { answer, approve, decide, edit, isWaiting, reject, requestOf } from "../../support/approval.js";
import { planCall } from "../../support/scripted-model.js";
import { openShop, threadOf } from "./shop.js";

const thread = threadOf("1");
const goal = { input: "My order arrived broken" };
const refundOf = (values: object) => ({ ...goal, plan: { name: "refund_order", with: { ...values } } });
const whole = refundOf({ order: "77", reason: "damaged" });
const cups = { order: "77", item: "77b", reason: "unwanted" };
const reply = { id: "letter", tool: "write_reply", args: { check: "{{check}}" } };
const checkOf = (run: { pastSteps: { id: string; output?: unknown }[] }) => byId(run.pastSteps).check?.output;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-03-15T10:00:00Z"), toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a refund", () => {
  it("is worked out by the policy, waits for a person, is paid, and is told to the customer", async () => {
    const { agent, model, refunds } = openShop({});
    const asked = await agent.invoke(whole, thread);
    expect(requestOf(asked).actionRequests).toMatchObject([
      {
        name: "refund",
        args: { order: "77", item: null, reason: "damaged", cents: 9_030 },
        description: "Refund 90.30 of order 77 (damaged). (3 of 4)",
      },
    ]);
    expect(await refunds()).toEqual([]);
    const done = await agent.invoke(decide(approve), thread);
    expect(await refunds()).toEqual([
      { item: "77a", cents: 6_000, decided_by: null },
      { item: "77b", cents: 3_030, decided_by: null },
    ]);
    expect(done).toMatchObject({ status: "done", response: expect.stringContaining("Dear Rosa Ruiz,") });
    expect(done.response).toContain("We have refunded 90.30 CHF.\n- Water kettle: 60.00 CHF.");
    expect(done.response).toContain("- Cook book: 0.00 CHF. Books stay sold.");
    expect([model.count(), done.usage.calls]).toEqual([0, 0]);
  });

  it.each([
    ["within the window", "2030-03-15", { order: "77", item: "77a", reason: "damaged" }, 6_000, ""],
    ["after it", "2030-03-16", { order: "77", item: "77a", reason: "damaged" }, 0, "15 days ago"],
    // 30.30 × 12.5 % is 3.7875
    ["less a fee, in whole cents", "2030-03-15", cups, 2_651, "a fee of 3.79"],
    ["by the category's row", "2030-03-15", { order: "77", item: "77c", reason: "damaged" }, 0, "stay sold"],
    ["before it was delivered", "2030-03-15", { order: "78", reason: "damaged" }, 0, "not been delivered"],
  ])("is what the policy allows %s", async (_when, day, request, cents, why) => {
    vi.setSystemTime(`${day}T10:00:00Z`);
    const { agent } = openShop({});
    const run = await agent.invoke({ plan: { name: "can_return", with: request } }, thread);
    expect(checkOf(run)).toMatchObject({ cents, refundable: cents > 0 });
    expect(run.response).toContain(why);
  });

  it("that the policy refuses asks nobody", async () => {
    const { agent, refunds } = openShop({});
    const run = await agent.invoke(refundOf({ order: "77", item: "77c", reason: "damaged" }), thread);
    expect([isWaiting(run), run.status]).toEqual([false, "done"]);
    expect(run.response).toContain("We cannot refund it.\n- Cook book: 0.00 CHF. Books stay sold.");
    expect(await refunds()).toEqual([]);
  });

  it("waits even if the options would not have it", async () => {
    const { agent } = openShop({}, { approval: { tools: { refund: false } } });
    expect(isWaiting(await agent.invoke(whole, thread))).toBe(true);
  });

  it("is paid as a person edits it, and never above the policy", async () => {
    const { agent, refunds } = openShop({ replanner: "That is too much." });
    const asked = requestOf(await agent.invoke(refundOf(cups), thread));
    const args = asked.actionRequests[0]?.args;
    const run = await agent.invoke(decide(edit("refund", { ...args, cents: 2_652 })), thread);
    expect(run.response).toBe("That is too much.");
    expect(byId(run.pastSteps).refund?.error?.message).toContain(
      "The policy allows 26.51 CHF now, not 26.52.",
    );
    expect(await refunds()).toEqual([]);
    await agent.invoke(refundOf(cups), threadOf("2"));
    const paid = await agent.invoke(decide(edit("refund", { ...args, cents: 1_000 })), threadOf("2"));
    expect(paid.response).toContain("We have refunded 10.00 CHF.\n\nKind regards");
    expect(await refunds()).toMatchObject([{ item: "77b", cents: 1_000 }]);
  });

  it("is paid once where several threads pay it at the same time", async () => {
    const { agent, refunds } = openShop({ replanner: "Somebody was faster." });
    const threads = ["1", "2", "3"].map((id) => threadOf(id));
    for (const one of threads) {
      await agent.invoke(whole, one);
    }
    const runs = await Promise.all(threads.map((one) => agent.invoke(decide(approve), one)));
    expect((await refunds()).map(({ cents }) => cents)).toEqual([6_000, 3_030]);
    expect(runs.filter(({ response }) => response === "Somebody was faster.")).toHaveLength(2);
  });
});

describe("who decides", () => {
  it("is the staff: customers cannot have their own refund paid", async () => {
    const { agent, refunds } = openShop({ replanner: "It was not paid." });
    expect(isWaiting(await agent.invoke(whole, threadOf("1", "rosa@shop.test")))).toBe(true);
    const own = await agent.invoke(
      answer({ decisions: [approve], decidedBy: "max" }),
      threadOf("1", "rosa@shop.test"),
    );
    expect(byId(own.pastSteps).refund?.error?.message).toContain("rosa@shop.test is not on it");
    expect(await refunds()).toEqual([]);
    await agent.invoke(whole, threadOf("2", "K7"));
    await agent.invoke(decide(approve), threadOf("2", "agnes"));
    expect(await refunds()).toMatchObject([{ decided_by: "agnes" }, { decided_by: "agnes" }]);
  });

  it.each([
    ["nobody that is known", undefined, 0],
    ["an agent", "agnes", 0],
    ["a manager", "max", 1],
  ])("above the limit: %s", async (_who, user, rows) => {
    const radio = refundOf({ order: "80", reason: "damaged" });
    const { agent, refunds } = openShop({ replanner: "A manager must decide." });
    await agent.invoke(radio, threadOf("1", user));
    await agent.invoke(decide(approve), threadOf("1", user));
    expect(await refunds()).toHaveLength(rows);
  });

  it("a context may lower the limit, and not raise it", async () => {
    const { agent, refunds } = openShop({ replanner: "A manager must decide." });
    const lower = { ...threadOf("1", "agnes"), context: { managerAboveCents: 9_029 } };
    expect(checkOf(await agent.invoke(whole, lower))).toMatchObject({ needsManager: true });
    await agent.invoke(decide(approve), lower);
    expect(await refunds()).toEqual([]);
    const higher = { ...threadOf("2", "agnes"), context: { managerAboveCents: 20_001 } };
    await expect(agent.invoke(whole, higher)).rejects.toThrow("managerAboveCents");
  });

  it("a customer sees nothing of another's, and need not say who they are", async () => {
    const look = planCall([
      { id: "orders", tool: "find_orders", args: { who: "rosa@shop.test" } },
      { id: "check", tool: "check_refund", args: { order: "77", reason: "damaged" }, dependsOn: [] },
    ]);
    const { agent } = openShop({ planner: look, replanner: "Which order is it?" });
    const run = await agent.invoke(goal, threadOf("1", "sven@shop.test"));
    expect(JSON.stringify(run.pastSteps.map(({ output }) => output ?? null))).not.toMatch(/Rosa|kettle/);
    expect(byId(run.pastSteps).check?.error?.message).toContain("There is no order 77.");
    const own = openShop({
      planner: planCall([{ id: "orders", tool: "find_orders", args: {} }]),
      replanner: "Here they are.",
    });
    const mine = await own.agent.invoke(goal, threadOf("1", "K7"));
    expect(byId(mine.pastSteps).orders?.output).toMatchObject({
      customers: ["K7"],
      orders: [{ order: "78" }, { order: "77" }],
    });
  });
});

describe("the plan changes", () => {
  it("if the same money is asked for twice: the check is unexpected, and nobody is asked to pay", async () => {
    const { agent, model, refunds } = openShop({ replanner: "We have paid it on Friday." });
    await agent.invoke(whole, thread);
    await agent.invoke(decide(approve), thread);
    const second = await agent.invoke(whole, threadOf("2"));
    expect(byId(second.pastSteps).check).toMatchObject({
      status: "unexpected",
      error: { message: expect.stringContaining("It was refunded before: 90.30 CHF.") },
    });
    expect([isWaiting(second), second.response]).toEqual([false, "We have paid it on Friday."]);
    expect(model.count("replanner")).toBe(1);
    expect(await refunds()).toHaveLength(2);
  });

  it("not if a part was refunded before: the rest is paid", async () => {
    const { agent, refunds } = openShop({});
    const args = requestOf(await agent.invoke(whole, thread)).actionRequests[0]?.args;
    await agent.invoke(decide(edit("refund", { ...args, cents: 7_000 })), thread);
    const rest = requestOf(await agent.invoke(whole, threadOf("2")));
    expect(rest.actionRequests).toMatchObject([{ args: { cents: 2_030 } }]);
    expect((await refunds()).map(({ item, cents }) => [item, cents])).toEqual([
      ["77a", 6_000],
      ["77b", 1_000],
    ]);
  });

  it("if an address is of several customers: nobody is guessed", async () => {
    const { agent } = openShop({
      planner: planCall([{ id: "orders", tool: "find_orders", args: { who: "sven@shop.test" } }]),
      replanner: "Are you Sven or Tom?",
    });
    const run = await agent.invoke(goal, thread);
    expect(byId(run.pastSteps).orders).toMatchObject({ status: "unexpected" });
    expect(run.response).toBe("Are you Sven or Tom?");
  });

  it("if the customer says more: the refund that waited is never paid, and the new one waits", async () => {
    const check = { id: "again", tool: "check_refund", args: { ...cups, reason: "damaged" } };
    const args = { ...check.args, cents: "{{again.cents}}" };
    const letter = { id: "letter", tool: "write_reply", args: { check: "{{again}}", refund: "{{pay}}" } };
    const { agent, refunds } = openShop({
      replanner: planCall([check, { id: "pay", tool: "refund", args }, letter], "letter"),
    });
    const first = requestOf(await agent.invoke(whole, thread));
    await steer(agent, "1", { type: "message", text: "Only the cups were broken" });
    const second = requestOf(await agent.invoke(null, thread));
    expect(second.actionRequests).toMatchObject([{ args: { item: "77b", cents: 3_030 } }]);
    const late = await agent.invoke(answer({ requestId: first.requestId, decisions: [approve] }), thread);
    expect(requestOf(late).error).toContain(first.requestId);
    expect(await refunds()).toEqual([]);
    const done = await agent.invoke(decide(approve), thread);
    expect(done.response).toContain("We have refunded 30.30 CHF.");
    expect(await refunds()).toMatchObject([{ item: "77b", cents: 3_030 }]);
  });

  it("if a person rejects it: the reply gives their words, and nothing is paid", async () => {
    const declined = { ...reply, args: { ...reply.args, declined: "a new kettle was sent on Monday." } };
    const { agent, refunds } = openShop({ replanner: planCall([declined], "letter") });
    await agent.invoke(whole, thread);
    const done = await agent.invoke(decide(reject("A new kettle was sent.")), thread);
    expect(done.response).toContain("We have not refunded it: a new kettle was sent on Monday.");
    expect(await refunds()).toEqual([]);
  });
});
