// A decision that was taken holds, whatever the rules of the run that brings it say; and it lets one call pass.
import { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../../src/agent/index.js";
import { plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, edit, isWaiting, reject, requestOf } from "../../support/approval.js";
import { planCall, type Script, type ScriptByRole } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const pay = (id: string, amount: number, more: object = {}) => ({
  id,
  description: `pay ${amount}`,
  tool: "pay",
  args: { amount },
  dependsOn: [],
  ...more,
});
const agentStep = { id: "a", description: "see to the payment", dependsOn: [] };
const byAgent = (amount: number): Script => {
  const call = [{ id: "c1", name: "pay", args: { amount } }];
  return (messages) => (messages.at(-1)?.getType() === "tool" ? "done" : call);
};

interface Payment {
  readonly amount: number;
  readonly key: string;
}

/** Builds of one agent over one thread, which pay into one list. */
function setUp(steps: readonly unknown[], script: ScriptByRole = {}) {
  const payments: Payment[] = [];
  const world = { isBroken: false };
  const paying = tool(
    ({ amount }, { configurable }) => {
      payments.push({ amount, key: String(configurable?.idempotency_key).replace(/^[^:]+:/, "") });
      if (world.isBroken) {
        throw new Error("the bank is closed");
      }
      return `paid ${amount}`;
    },
    { name: "pay", description: "pays", schema: z.object({ amount: z.number() }) },
  );
  const looking = tool(() => [100], {
    name: "look",
    description: "looks",
    schema: z.object({}),
    metadata: { readOnly: true },
  });
  const checkpointer = new MemorySaver();
  const build = (options: Omit<PlanExecuteOptions, "model"> = {}) =>
    plannedAgent(
      steps,
      { tools: [paying, looking], checkpointer, replanner: { maxReplans: 0 }, ...options },
      script,
    ).agent;
  const amounts = () => payments.map(({ amount }) => amount);
  return { build, payments, amounts, world };
}

const gated: Omit<PlanExecuteOptions, "model"> = { approval: { tools: { pay: true } } };

const look = { id: "l", tool: "look", args: {} };

describe.each([
  { kind: "a step", plan: [pay("p", 100)], script: {} },
  { kind: "an agent step", plan: [agentStep], script: { agent: byAgent(100) } },
  {
    kind: "an item",
    plan: [look, pay("p", 0, { args: { amount: "{{item}}" }, forEach: "{{l}}", dependsOn: ["l"] })],
    script: {},
  },
])("a call of $kind", ({ plan, script }) => {
  test("that was rejected is not made by a build that has no rule", async () => {
    const { build, amounts } = setUp(plan, script);
    requestOf(await build(gated).invoke({ input: "go" }, config));
    expect(isWaiting(await build().invoke(decide(reject("no")), config))).toBe(false);
    expect(amounts()).toEqual([]);
  });

  test("that was rejected is not made by a run without the context that let it wait", async () => {
    const { build, amounts } = setUp(plan, script);
    const agent = build();
    requestOf(await agent.invoke({ input: "go" }, { ...config, context: { approveTools: ["pay"] } }));
    await agent.invoke(decide(reject("no")), config);
    expect(amounts()).toEqual([]);
  });

  test("that was rejected is not made although the rule would let the one who rejects make it", async () => {
    const { build, amounts } = setUp(plan, script);
    const agent = build({
      approval: { tools: { pay: { when: (_args, { userId }) => userId === "clerk" } } },
    });
    const by = (userId: string) => ({
      configurable: { ...config.configurable, langgraph_auth_user_id: userId },
    });
    requestOf(await agent.invoke({ input: "go" }, by("clerk")));
    await agent.invoke(decide(reject("no")), by("manager"));
    expect(amounts()).toEqual([]);
  });

  test("that was edited is made as it was edited, whatever the rules of today", async () => {
    const { build, amounts } = setUp(plan, script);
    requestOf(await build(gated).invoke({ input: "go" }, config));
    await build().invoke(decide(edit("pay", { amount: 1 })), config);
    expect(amounts()).toEqual([1]);
  });
});

describe("what waited once", () => {
  test("waits again in a run without the rule, also under another id and after a change of the plan", async () => {
    const { build, amounts } = setUp([pay("p", 100)]);
    requestOf(await build(gated).invoke({ input: "go" }, config));
    const steps = [pay("other", 100)];
    await build().updateState(config, { steering: [{ type: "plan", steps }] });
    const request = requestOf(await build().invoke(null, config));
    expect(request.actionRequests).toMatchObject([{ name: "pay", stepId: "other" }]);
    expect(amounts()).toEqual([]);
  });

  test("by a rule of its own waits again for these arguments, and others go by today's rules", async () => {
    const { build, amounts } = setUp([pay("p", 100)]);
    const large = {
      approval: { tools: { pay: { when: ({ amount }: Record<string, unknown>) => Number(amount) > 50 } } },
    };
    requestOf(await build(large).invoke({ input: "go" }, config));
    await build().updateState(config, { steering: [{ type: "plan", steps: [pay("p", 100), pay("q", 5)] }] });
    requestOf(await build().invoke(null, config));
    expect(amounts()).toEqual([5]);
  });

  test("waits where the replanner calls it once more after it was rejected", async () => {
    const { build, amounts } = setUp([pay("p", 100)], { replanner: () => planCall([pay("q", 99)]) });
    const more = { replanner: { maxReplans: 1 } };
    requestOf(await build({ ...gated, ...more }).invoke({ input: "go" }, config));
    requestOf(await build(more).invoke(decide(reject("too much")), config));
    expect(amounts()).toEqual([]);
  });

  test("is forgotten by the next turn", async () => {
    const { build, amounts } = setUp([pay("p", 100)]);
    requestOf(await build(gated).invoke({ input: "go" }, config));
    await build().invoke({ input: "go on" }, config);
    expect(amounts()).toEqual([100]);
  });
});

describe("an approval", () => {
  test("is spent when its call begins: the call that a model's failure makes again asks again, under another key", async () => {
    let isDown = true;
    const failing: Script = (messages) => {
      if (messages.at(-1)?.getType() !== "tool") {
        return [{ id: "c1", name: "pay", args: { amount: 100 } }];
      }
      return isDown ? new Error("down") : "done";
    };
    const { build, payments } = setUp([agentStep], {
      agent: failing,
      answer: new Error("down"),
      replanner: new Error("down"),
    });
    const agent = build({ ...gated, replanner: { maxReplans: 1 } });
    requestOf(await agent.invoke({ input: "go" }, config));
    await agent.invoke(decide(approve), config);
    expect(payments).toHaveLength(1);
    isDown = false;
    requestOf(await agent.invoke(null, config));
    expect(payments).toHaveLength(1);
    await agent.invoke(decide(approve), config);
    expect(new Set(payments.map(({ key }) => key)).size).toBe(2);
  });

  test("does not hold for a failed step that steering mends in its place", async () => {
    const { build, payments, world } = setUp([pay("p", 100)]);
    const agent = build(gated);
    world.isBroken = true;
    requestOf(await agent.invoke({ input: "go" }, config));
    await agent.invoke(decide(approve), config);
    world.isBroken = false;
    const steps = [{ ...pay("p", 100), description: "pay 100 once more" }];
    await agent.updateState(config, { steering: [{ type: "plan", steps }] });
    requestOf(await agent.invoke(null, config));
    expect(payments.map(({ key }) => key)).toEqual(["p"]);
    await agent.invoke(decide(approve), config);
    expect(payments.map(({ key }) => key)).toEqual(["p", expect.stringMatching(/^p:pay:\w+:2$/)]);
  });

  test("does not hold once more for a finished step whose result was taken away from outside", async () => {
    const { build, amounts } = setUp([pay("p", 100), { id: "l", tool: "look", args: {}, dependsOn: ["p"] }]);
    const agent = build({ ...gated, replanner: { when: "every-step" } });
    requestOf(await agent.invoke({ input: "go" }, config));
    await agent.invoke(decide(approve), config);
    const taken = { pastSteps: { __overwrite__: [] } };
    await Reflect.apply(agent.updateState, agent, [config, taken, "executor"]).then(
      () => agent.invoke(null, config),
      () => undefined,
    );
    expect(amounts()).toEqual([100]);
  });

  test("of one call lets one pass where a model gives two calls the same id", async () => {
    const two = [1, 2].map(() => ({
      id: "same",
      name: "pay",
      args: { amount: 100 },
      type: "tool_call" as const,
    }));
    const { build, payments } = setUp([agentStep], {
      agent: (messages) =>
        messages.at(-1)?.getType() === "tool" ? "done" : new AIMessage({ content: "", tool_calls: two }),
    });
    const agent = build(gated);
    const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
    expect(actionRequests).toHaveLength(2);
    await agent.invoke(decide(approve, reject("once is enough")), config);
    expect(payments).toHaveLength(1);
  });

  test("of two equal calls of one message gives each a key of its own", async () => {
    const calls = ["c1", "c2"].map((id) => ({ id, name: "pay", args: { amount: 100 } }));
    const { build, payments } = setUp([agentStep], {
      agent: (messages) => (messages.at(-1)?.getType() === "tool" ? "done" : calls),
    });
    const agent = build(gated);
    requestOf(await agent.invoke({ input: "go" }, config));
    await agent.invoke(decide(approve, approve), config);
    expect(new Set(payments.map(({ key }) => key)).size).toBe(2);
  });
});

describe("an approved plan", () => {
  const onPlan: Omit<PlanExecuteOptions, "model"> = {
    approval: { plan: true },
    replanner: { maxReplans: 2 },
  };

  test("is not asked about again for the same calls, and is for other arguments of the same tool", async () => {
    const replans = [[pay("r", 2)], [pay("s", 99_999)]];
    const { build, amounts, world } = setUp([pay("p", 1), pay("q", 2, { dependsOn: ["p"] })], {
      replanner: () => planCall(replans.shift() ?? []),
    });
    const agent = build(onPlan);
    requestOf(await agent.invoke({ input: "go" }, config));
    world.isBroken = true;
    const { actionRequests } = requestOf(await agent.invoke(decide(approve), config));
    expect(actionRequests).toMatchObject([{ name: "plan" }]);
    expect(amounts()).toEqual([1, 2]);
  });

  test("asks for what a later run's context no longer asks for", async () => {
    const { build, amounts } = setUp([pay("p", 1)], { replanner: () => planCall([pay("q", 2)]) });
    const agent = build({ replanner: { maxReplans: 2 } });
    requestOf(await agent.invoke({ input: "go" }, { ...config, context: { approvePlan: "once" } }));
    requestOf(await agent.invoke(decide(reject("no")), config));
    expect(amounts()).toEqual([]);
  });

  test("cannot be done without by a context", async () => {
    const { build } = setUp([pay("p", 1)]);
    const run = build(onPlan).invoke({ input: "go" }, { ...config, context: { approvePlan: "never" } });
    await expect(run).rejects.toThrow(/approvePlan: this agent's plans wait for a person/);
  });
});

describe("rules that are asked later", () => {
  const rejects = () => Promise.reject(new Error("the directory is down"));

  test("are awaited: when, description, approval.plan, checkOutput and replanner.when", async () => {
    const { build, amounts } = setUp([pay("p", 100)]);
    const agent = build({
      approval: {
        plan: async () => false,
        tools: { pay: { when: async () => true, description: async () => "money" } },
      },
      executor: { checkOutput: { pay: async (output) => `not ${String(output)}` } },
      replanner: { maxReplans: 0, when: async () => false },
    });
    const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
    expect(actionRequests).toMatchObject([{ description: expect.stringContaining("money") }]);
    const { pastSteps } = await agent.invoke(decide(approve), config);
    expect(pastSteps).toMatchObject([{ status: "unexpected", error: { message: "not paid 100" } }]);
    expect(amounts()).toEqual([100]);
  });

  test("ask a person where they reject", async () => {
    const { build, amounts } = setUp([pay("p", 100)]);
    const agent = build({
      approval: { plan: rejects, tools: { pay: { when: rejects, description: rejects } } },
    });
    expect(requestOf(await agent.invoke({ input: "go" }, config)).actionRequests).toMatchObject([
      { name: "plan" },
    ]);
    expect(requestOf(await agent.invoke(answer(true), config)).actionRequests).toMatchObject([
      { name: "pay" },
    ]);
    expect(amounts()).toEqual([]);
  });

  test("let no output pass that could not be checked", async () => {
    const { build } = setUp([pay("p", 100)]);
    const agent = build({ executor: { checkOutput: { pay: rejects } } });
    const { pastSteps } = await agent.invoke({ input: "go" }, config);
    expect(pastSteps).toMatchObject([
      { status: "unexpected", error: { message: expect.stringContaining("the directory is down") } },
    ]);
  });

  test("hold a call back while a plan is still written, and the executor asks", async () => {
    const { build } = setUp([look]);
    const agent = build({ approval: { tools: { look: { when: async () => true } } } });
    const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
    expect(actionRequests).toMatchObject([{ name: "look" }]);
  });
});
