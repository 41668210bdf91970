// What becomes of a call of which nobody knows whether it was carried out: after a cut, and after its time was up.
import { tool } from "@langchain/core/tools";
import { InMemoryStore, MemorySaver } from "@langchain/langgraph";
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { type FoundOutcome, ToolRegistryError, withRecovery } from "../../../src/index.js";
import { plannedAgent } from "../../support/agent-run.js";
import { answer, decide, isWaiting, reject, requestOf } from "../../support/approval.js";
import { createDeferred } from "../../support/deferred.js";
import { planCall } from "../../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };
type Options = NonNullable<Parameters<typeof plannedAgent>[1]>;
type FindOutcome = (key: string, asked: { args: Record<string, unknown> }) => unknown;

/** A tool that is not idempotent. Its first call never ends; what it is asked about is noted. */
function createCharge(findOutcome?: FindOutcome, hangs = 1) {
  const begun = createDeferred();
  const keys: string[] = [];
  const asked: unknown[] = [];
  const charge = tool(
    async ({ who }, config) => {
      keys.push(config.configurable.idempotency_key);
      if (keys.length <= hangs) {
        begun.resolve();
        await new Promise(() => {});
      }
      return `charged ${who}`;
    },
    {
      name: "charge",
      description: "charges",
      schema: z.object({ who: z.string() }),
      metadata: { idempotent: false },
    },
  );
  const find = findOutcome && {
    findOutcome: async (key: string, { args }: { args: Record<string, unknown> }) => {
      asked.push([key.split(":").slice(1).join(":"), args]);
      return findOutcome(key, { args }) as FoundOutcome;
    },
  };
  return { charge: find === undefined ? charge : withRecovery(charge, find), begun, keys, asked };
}

const steps = [{ id: "1", tool: "charge", args: { who: "ann" } }];

/** Cuts a run off in the middle of its call, and goes on with it. */
async function cutOff(
  { charge, begun }: ReturnType<typeof createCharge>,
  options: Options = {},
  plan: readonly unknown[] = steps,
  script: NonNullable<Parameters<typeof plannedAgent>[2]> = {},
) {
  const common = {
    store: new InMemoryStore(),
    checkpointer: new MemorySaver(),
    replanner: { maxReplans: 0 },
  };
  const made = plannedAgent(plan, { tools: [charge], ...common, ...options }, script);
  const controller = new AbortController();
  const running = made.agent.invoke({ input: "go" }, { ...thread, signal: controller.signal });
  await begun.promise;
  controller.abort(new Error("cut off"));
  await running.catch(() => {});
  return { ...made, goOn: () => made.agent.invoke(null, thread) };
}

describe("a call in flight when the run was cut off, of a tool that is not idempotent", () => {
  it("was carried out, as the tool says: it is not made again, and its output is what the tool says", async () => {
    const charge = createCharge(() => ({ kind: "done", output: { paid: 5 } }));
    const { goOn, eventsOf } = await cutOff(charge);
    const run = await goOn();
    expect(run.status).toBe("done");
    expect(run.pastSteps).toMatchObject([{ status: "done", output: { paid: 5 } }]);
    expect(charge.keys).toHaveLength(1);
    expect(charge.asked).toEqual([["1", { who: "ann" }]]);
    expect(eventsOf("tool.outcome")).toMatchObject([{ outcome: "done", by: "tool", stepId: "1" }]);
  });

  it("was not, as the tool says: it is made, under the same key", async () => {
    const charge = createCharge(() => ({ kind: "not-done" }));
    const run = await (await cutOff(charge)).goOn();
    expect(run.pastSteps).toMatchObject([{ status: "done", output: "charged ann" }]);
    expect(new Set(charge.keys).size).toBe(1);
    expect(charge.keys).toHaveLength(2);
  });

  it.each<[string, FindOutcome | undefined]>([
    ["the tool does not know", () => ({ kind: "unknown" })],
    ["the tool cannot say", undefined],
    ["the tool throws", () => Promise.reject(new Error("down"))],
    ["the tool says something else", () => ({ kind: "done?", output: 1 })],
    ["the tool says nothing", () => undefined],
  ])("%s: the step fails as unknown, and it is not made again", async (_what, findOutcome) => {
    const charge = createCharge(findOutcome);
    const { goOn } = await cutOff(charge);
    const run = await goOn();
    expect(run.status).toBe("incomplete");
    expect(run.pastSteps).toMatchObject([
      { status: "failed", error: { code: "OUTCOME_UNKNOWN", message: expect.stringMatching(/cut off/) } },
    ]);
    expect(charge.keys).toHaveLength(1);
  });

  it("is not made again by a plan that has it once more, and the replanner is told why", async () => {
    const charge = createCharge();
    const told: string[] = [];
    const again = [{ id: "2", tool: "charge", args: { who: "ann" } }];
    const { goOn } = await cutOff(charge, { replanner: { maxReplans: 3 } }, steps, {
      replanner: (messages: readonly { text: string }[]) => {
        told.push(messages.map(({ text }) => text).join("\n"));
        return told.length === 1 ? planCall(again) : "nobody knows";
      },
    });
    const run = await goOn();
    expect(charge.keys).toHaveLength(1);
    expect(told[0]).toContain("nobody knows whether");
    expect(told[0]).toContain("Do not plan the same call again");
    expect(run.status).toBe("incomplete");
  });

  it("is not made again from another step of another shape either", async () => {
    const charge = createCharge();
    const asked: unknown[] = [];
    const again = [
      { id: "2", tool: "charge", args: { who: "{{item}}" }, forEach: '["ann","bob"]', description: "charge" },
    ];
    const { goOn } = await cutOff(charge, { replanner: { maxReplans: 3 } }, steps, {
      replanner: () => {
        asked.push(1);
        return asked.length === 1 ? planCall(again) : "nobody knows";
      },
    });
    const run = await goOn();
    // Bob's charge is another call; Ann's is not made.
    expect(charge.keys.map((key) => key.split(":").slice(1).join(":"))).toEqual(["1", "2[1]"]);
    expect(run.pastSteps.at(-1)?.error?.message).toContain("Step 1 made the same call");
  });

  it("of a for-each step: each item is asked about by its own key", async () => {
    const charge = createCharge((key) => ({ kind: key.endsWith("[0]") ? "done" : "not-done" }), 2);
    const each = [
      { id: "1", tool: "charge", args: { who: "{{item}}" }, forEach: '["ann","bob"]', description: "charge" },
    ];
    const { goOn } = await cutOff(charge, {}, each);
    const run = await goOn();
    expect(run.pastSteps).toMatchObject([{ status: "done", output: [null, "charged bob"] }]);
    expect(charge.asked).toHaveLength(2);
  });

  it("of an agent: the agent is given what was found, and its call is not made again", async () => {
    const charge = createCharge(() => ({ kind: "done", output: "paid" }));
    const { goOn } = await cutOff(charge, {}, [{ id: "1", description: "charge ann" }], {
      agent: (messages: readonly { getType(): string; text: string }[]) => {
        const last = messages.at(-1);
        return last?.getType() === "tool" ? last.text : [{ name: "charge", args: { who: "ann" } }];
      },
    });
    const run = await goOn();
    expect(run.pastSteps).toMatchObject([{ status: "done", output: "paid" }]);
    expect(charge.keys).toHaveLength(1);
  });
});

describe("with somebody to ask", () => {
  const approval = { escalate: true };

  it("a person is asked whether it was done, and `done` with an output ends the step", async () => {
    const charge = createCharge();
    const { goOn, agent } = await cutOff(charge, { approval });
    const waiting = await goOn();
    expect(isWaiting(waiting)).toBe(true);
    const { actionRequests, reviewConfigs } = requestOf(waiting);
    expect(actionRequests).toMatchObject([{ name: "charge", stepId: "1" }]);
    expect(actionRequests[0]?.description).toMatch(/Step 1: The run was cut off .* "not done"/);
    expect(reviewConfigs[0]?.allowedDecisions).toEqual(["respond", "edit", "reject"]);
    const refused = await agent.invoke(answer("yes"), thread);
    expect(requestOf(refused).error).toContain("does not say whether");
    const run = await agent.invoke(answer('done: {"paid":5}'), thread);
    expect(run.pastSteps).toMatchObject([{ status: "done", output: { paid: 5 } }]);
    expect(charge.keys).toHaveLength(1);
  });

  it("an approval is no answer, because it says neither yes nor no", async () => {
    const charge = createCharge();
    const { goOn, agent } = await cutOff(charge, { approval });
    await goOn();
    const refused = await agent.invoke(decide({ type: "approve" }), thread);
    expect(requestOf(refused).error).toContain('"approve" is not allowed');
    expect(charge.keys).toHaveLength(1);
  });

  it("`not done` has it made, once: cut off again, the person is asked again", async () => {
    const charge = createCharge(undefined, 2);
    const { goOn, agent } = await cutOff(charge, { approval });
    await goOn();
    const controller = new AbortController();
    const running = agent.invoke(decide({ type: "respond", response: { kind: "not-done" } }), {
      ...thread,
      signal: controller.signal,
    });
    await expect.poll(() => charge.keys.length).toBe(2);
    controller.abort(new Error("cut off"));
    await running.catch(() => {});
    const asked = requestOf(await goOn());
    expect(asked.actionRequests[0]?.actionId).toMatch(/:outcome:1$/);
    expect(charge.keys).toHaveLength(2);
    const run = await agent.invoke(answer("not done"), thread);
    expect(run.pastSteps).toMatchObject([{ status: "done", output: "charged ann" }]);
    expect(charge.keys).toHaveLength(3);
  });

  it.each([["give up"], [{ decisions: [reject("I cannot find it")] }]])(
    "%j leaves it unknown, and it is not made",
    async (given) => {
      const charge = createCharge();
      const { goOn, agent } = await cutOff(charge, { approval });
      await goOn();
      const guidance = requestOf(await agent.invoke(answer(given), thread));
      expect(guidance.actionRequests[0]?.name).toBe("guidance");
      expect(charge.keys).toHaveLength(1);
    },
  );
});

describe("a call whose time was up, of a tool that is not idempotent", () => {
  const run = async (charge: ReturnType<typeof createCharge>, options: Options = {}) => {
    const common = { checkpointer: new MemorySaver(), replanner: { maxReplans: 0 } };
    const made = plannedAgent(steps, {
      tools: [charge.charge],
      executor: { stepTimeoutMs: 50 },
      ...common,
      ...options,
    });
    return { ...made, run: await made.agent.invoke({ input: "go" }, thread) };
  };

  it("fails as unknown, without a store too", async () => {
    const charge = createCharge();
    const { run: ended } = await run(charge);
    expect(ended.pastSteps).toMatchObject([
      { status: "failed", error: { code: "OUTCOME_UNKNOWN", message: expect.stringMatching(/50 ms/) } },
    ]);
    expect(charge.keys).toHaveLength(1);
  });

  it.each<[FindOutcome, number, unknown]>([
    [() => ({ kind: "done", output: 7 }), 1, 7],
    [() => ({ kind: "not-done" }), 2, "charged ann"],
  ])("is settled by what the tool says", async (findOutcome, calls, output) => {
    const charge = createCharge(findOutcome);
    const { run: ended } = await run(charge);
    expect(ended.pastSteps).toMatchObject([{ status: "done", output }]);
    expect(charge.keys).toHaveLength(calls);
  });

  it("is settled by a person, if there is one", async () => {
    const charge = createCharge();
    const { agent, run: asked } = await run(charge, { approval: { escalate: true } });
    expect(isWaiting(asked)).toBe(true);
    const ended = await agent.invoke(answer("done"), thread);
    expect(ended.pastSteps).toMatchObject([{ status: "done", output: null }]);
    expect(charge.keys).toHaveLength(1);
  });
});

test("what is no recovery is refused when it is given", () => {
  const { charge } = createCharge();
  const given: object = { findOutcome: "later" };
  expect(() => withRecovery(charge, given)).toThrow(ToolRegistryError);
  expect(() => withRecovery(charge, JSON.parse('{"undo":1}'))).toThrow(/withRecovery\(charge/);
});
