import { describe, expect, it } from "vitest";
import { answer, approve, decide, isWaiting, requestOf } from "../../support/approval.js";
import { openShop, threadOf } from "./shop.js";

const goal = "Refund the kettle of order 77, it is broken";

/** What a run could have told of Rosa. */
const ofRosa = /Rosa|rosa@|kettle|Toaster|60/i;

describe("where the server knows its users", () => {
  it.each([
    ["sven@shop.test", "What did rosa@shop.test order?"],
    ["sven@shop.test", "What did customer K7 order?"],
    ["K8", "Can I return order 77?"],
    ["K8", "sven@shop.test: refund for order 77, it is broken"],
    ["somebody@else.test", "What did rosa@shop.test order?"],
  ])("%s learns nothing of another's data by “%s”", async (user, input) => {
    const { agent } = openShop();
    const run = await agent.invoke({ input }, threadOf("1", user));
    expect(isWaiting(run)).toBe(false);
    expect(JSON.stringify(run.pastSteps.map(({ output }) => output ?? null))).not.toMatch(ofRosa);
    expect(run.response.replaceAll("rosa@shop.test", "")).not.toMatch(ofRosa);
  });

  it("a tool tells nothing of another's order either, whatever a model asks it", async () => {
    const { agent } = openShop(
      {},
      {
        offline: {
          playbook: ({ kind, pastSteps }) =>
            kind === "replan"
              ? { text: pastSteps[0]?.error?.message ?? "told" }
              : { steps: [{ tool: "check_refund", args: { order: "77", reason: "damaged" } }] },
        },
      },
    );
    const run = await agent.invoke({ input: "go" }, threadOf("1", "sven@shop.test"));
    expect(run.response).toContain("There is no order 77.");
    expect((await agent.invoke({ input: "go" }, threadOf("2", "K7"))).response).toBe("told");
  });

  it("a customer need not say who they are", async () => {
    const { agent } = openShop();
    const run = await agent.invoke(
      { input: "I want a refund, the toaster is broken" },
      threadOf("1", "ROSA@shop.test"),
    );
    expect(requestOf(run).actionRequests).toMatchObject([{ args: { order: "78", amount: 45.5 } }]);
  });

  it("a customer cannot approve their own refund, staff can", async () => {
    const { agent, refunds } = openShop();
    expect(isWaiting(await agent.invoke({ input: goal }, threadOf("1", "K7")))).toBe(true);
    const own = await agent.invoke(decide(approve), threadOf("1", "K7"));
    expect(own.response).toContain("A refund is decided by the staff, and K7 is not on it");
    expect(await refunds()).toEqual([]);
    await agent.invoke({ input: goal }, threadOf("2", "K7"));
    await agent.invoke(decide(approve), threadOf("2", "agnes"));
    expect(await refunds()).toMatchObject([{ order: "77", cents: 6_000, approved_by: "agnes" }]);
  });

  it("staff are those of the file, and those whom the server gives the permission", async () => {
    const { agent } = openShop();
    const permitted = (permissions: readonly string[]) => ({
      configurable: {
        thread_id: permissions.join(),
        langgraph_auth_user: { identity: "zoe", permissions, is_authenticated: true },
      },
    });
    const ask = { input: "What did rosa@shop.test order?" };
    expect((await agent.invoke(ask, permitted(["staff"]))).response).toContain("Toaster");
    expect((await agent.invoke(ask, threadOf("1", "agnes"))).response).toContain("Toaster");
    expect((await agent.invoke(ask, permitted(["guest"]))).response).toContain('"zoe" is neither a customer');
  });
});

describe("who may grant how much", () => {
  // 60.00 + 30.30 = 90.30, above the 70.00 of the kitchen's row.
  const whole = "Refund the whole order 77, it arrived broken";

  it.each([
    ["nobody that is known", undefined, false],
    ["an agent", "agnes", false],
    ["a manager", "max", true],
  ])("above the row's maximum %s: %s %s", async (_who, user, isMade) => {
    const { agent, refunds } = openShop();
    await agent.invoke({ input: whole }, threadOf("1", user));
    const run = await agent.invoke(decide(approve), threadOf("1", user));
    expect((await refunds()).map(({ cents }) => cents)).toEqual(isMade ? [9_030] : []);
    if (!isMade) {
      expect(run.response).toContain(
        "90.30 CHF is above the 70.00 CHF that can be refunded without a manager",
      );
    }
  });

  it("a manager whom the answer names counts where nobody is authenticated", async () => {
    const { agent, refunds } = openShop();
    await agent.invoke({ input: whole }, threadOf("1"));
    await agent.invoke(answer({ decidedBy: "max", decisions: [approve] }), threadOf("1"));
    expect(await refunds()).toMatchObject([{ cents: 9_030, approved_by: "max" }]);
  });
});
