import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  createPlanExecuteAgent,
  InputError,
  type PlanExecuteOptions,
  type SavedPlan,
} from "../../src/index.js";
import { answer, approve, decide, isWaiting, requestOf } from "../support/approval.js";
import { planCall, type ScriptByRole, scriptedByRole } from "../support/scripted-model.js";

const refunds: unknown[] = [];
const lookUp = tool(({ id }) => ({ id, price: id * 10, items: ["cup", "plate"] }), {
  name: "look_up",
  description: "Looks up an order.",
  schema: z.object({ id: z.number() }),
  metadata: { readOnly: true },
});
const refund = tool(
  (args) => {
    refunds.push(args);
    return "refunded";
  },
  {
    name: "refund",
    description: "Pays back.",
    schema: z.object({ id: z.number(), amount: z.number(), note: z.string().optional() }),
  },
);
const say = tool(({ text }) => text, {
  name: "say",
  description: "Says it.",
  schema: z.object({ text: z.string() }),
  metadata: { readOnly: true },
});

const REFUND: SavedPlan = {
  name: "refund",
  description: "Refunds order {{with.order}}",
  parameters: z.object({ order: z.int(), note: z.string().optional(), isUrgent: z.boolean().default(false) }),
  examples: ["refund order {order}"],
  steps: [
    { tool: "look_up", args: { id: "{{with.order}}" } },
    { tool: "refund", args: { id: "{{with.order}}", amount: "{{1.price}}", note: "{{with.note}}" } },
    { tool: "say", args: { text: "Hurry with {{with.order}}!" }, if: "{{with.isUrgent}}" },
  ],
  answer: "Order {{with.order}} is {{2}}.",
};

function setUp(options: PlanExecuteOptions = {}, answers: ScriptByRole = {}) {
  refunds.length = 0;
  const model = scriptedByRole(answers);
  const agent = createPlanExecuteAgent({
    model,
    tools: [lookUp, refund, say],
    plans: [REFUND],
    checkpointer: new MemorySaver(),
    ...options,
  });
  return { agent, model, config: { configurable: { thread_id: "1" } } };
}

describe("invoke runs a saved plan", () => {
  test("with no model call", async () => {
    const { agent, model, config } = setUp();
    const run = await agent.invoke({ plan: { name: "refund", with: { order: 7, note: "sorry" } } }, config);
    expect(run).toMatchObject({ status: "done", response: "Order 7 is refunded." });
    expect(refunds).toEqual([{ id: 7, amount: 70, note: "sorry" }]);
    expect(run.usage.calls).toBe(0);
    expect(model.count()).toBe(0);
    const { values } = await agent.getState(config);
    expect(values.turn?.goal).toBe("Refunds order 7 (note: sorry, isUrgent: false)");
    expect(values.planVersions).toMatchObject([{ by: "saved", reason: 'the saved plan "refund"' }]);
  });

  test("for the goal that was said", async () => {
    const { agent, config } = setUp();
    await agent.invoke({ input: "pay 7 back", plan: { name: "refund", with: { order: 7 } } }, config);
    expect((await agent.getState(config)).values.turn?.goal).toBe("pay 7 back");
  });

  test("leaves out what an argument has no value for, and skips a step whose condition is false", async () => {
    const { agent, config } = setUp();
    const run = await agent.invoke({ plan: { name: "refund", with: { order: 7 } } }, config);
    expect(refunds).toEqual([{ id: 7, amount: 70 }]);
    expect(run.pastSteps.map(({ status }) => status)).toEqual(["done", "done", "skipped"]);
  });

  test("runs a step whose condition is true, and for each value of a list", async () => {
    const each: SavedPlan = {
      name: "each",
      description: "Looks at orders",
      parameters: z.object({ orders: z.array(z.int()), isLoud: z.boolean() }),
      steps: [
        { id: "look", tool: "look_up", args: { id: "{{item}}" }, forEach: "{{with.orders}}" },
        { id: "said", tool: "say", args: { text: "It costs {{look.1.price}}." }, if: "{{with.isLoud}}" },
      ],
      answer: "said",
    };
    const { agent, config } = setUp({ plans: [each] });
    const run = await agent.invoke(
      { plan: { name: "each", with: { orders: [1, 2], isLoud: true } } },
      config,
    );
    expect(run.pastSteps.map(({ output }) => output)).toMatchObject([
      [{ price: 10 }, { price: 20 }],
      "It costs 20.",
    ]);
    expect(run.response).toBe("It costs 20.");
  });

  test("takes braces in a value for text", async () => {
    const { agent, config } = setUp();
    const note = "see {{1.items}} and \\{{2}}";
    await agent.invoke({ plan: { name: "refund", with: { order: 7, note } } }, config);
    expect(refunds).toEqual([{ id: 7, amount: 70, note }]);
  });

  test("shows a person the values, and asks the planner when they reject it", async () => {
    const { agent, model, config } = setUp({ approval: { plan: true } }, { planner: "Then not." });
    const waiting = await agent.invoke({ plan: { name: "refund", with: { order: "7" } } }, config);
    expect(isWaiting(waiting)).toBe(true);
    expect(JSON.stringify(requestOf(waiting))).toContain('"id":7');
    expect(refunds).toEqual([]);
    const run = await agent.invoke(answer({ decisions: [{ type: "reject", message: "no" }] }), config);
    expect(run).toMatchObject({ status: "done", response: "Then not." });
    expect(model.count()).toBe(1);
  });

  test("holds its calls by the rules of approval", async () => {
    const { agent, config } = setUp({ approval: { tools: { refund: true } } });
    const waiting = await agent.invoke({ plan: { name: "refund", with: { order: 7 } } }, config);
    expect(requestOf(waiting).actionRequests).toMatchObject([
      { name: "refund", args: { id: 7, amount: 70 } },
    ]);
    const run = await agent.invoke(decide(approve), config);
    expect(run.status).toBe("done");
  });

  test("does not run again in the thread's next turn", async () => {
    const { agent, config } = setUp({}, { planner: "Hello!" });
    await agent.invoke({ plan: { name: "refund", with: { order: 7 } } }, config);
    const next = await agent.invoke({ input: "hi" }, config);
    expect(next.response).toBe("Hello!");
    expect(refunds).toHaveLength(1);
  });
});

describe("invoke refuses, before anything is written,", () => {
  test.each([
    [
      "a plan that is not there",
      { name: "refunt" },
      "PLAN_UNKNOWN",
      'There is no saved plan "refunt". Did you mean "refund"?',
    ],
    ["a parameter that is missing", { name: "refund" }, "PLAN_UNUSABLE", 'The parameter "order"'],
    [
      "a value of another type",
      { name: "refund", with: { order: "soon" } },
      "PLAN_UNUSABLE",
      'The parameter "order"',
    ],
    [
      "a parameter that is not there",
      { name: "refund", with: { orders: 7 } },
      "PLAN_UNUSABLE",
      'It takes "order"',
    ],
  ])("%s", async (_what, plan, code, message) => {
    const { agent, config } = setUp();
    const error = await agent.invoke({ plan }, config).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect((await agent.getState(config)).values).toEqual({});
  });

  test("a plan whose tool the run may not use", async () => {
    const { agent, config } = setUp();
    const run = agent.invoke(
      { plan: { name: "refund", with: { order: 7 } } },
      { ...config, context: { tools: ["look_up", "say"] } },
    );
    await expect(run).rejects.toThrow('there is no tool "refund"');
  });
});

describe("an agent is not built with a saved plan", () => {
  const broken = (changes: Partial<SavedPlan>) => () => setUp({ plans: [{ ...REFUND, ...changes }] });

  test("whose step refers to no parameter of it", () => {
    expect(
      broken({ steps: [{ id: "a", tool: "look_up", args: { id: "{{with.ordr}}" } }], answer: "a" }),
    ).toThrow(
      'plans.refund.steps: Step "a", args: "{{with.ordr}}" names no parameter; did you mean "order"?',
    );
  });

  test("whose step calls no tool of the agent", () => {
    expect(broken({ steps: [{ tool: "refundd", args: {} }], answer: "1" })).toThrow(
      'plans.refund.steps: Step "1": there is no tool "refundd". Did you mean "refund"?',
    );
  });

  test("whose arguments the tool does not take", () => {
    expect(broken({ steps: [{ tool: "refund", args: { id: 1 } }], answer: "1" })).toThrow(
      'plans.refund.steps: Step "1": "refund" does not accept the argument "amount", which is missing',
    );
  });

  test("whose answer says nothing of its steps", () => {
    expect(broken({ answer: "Order {{with.order}} is done." })).toThrow(
      "plans.refund.answer: it refers to no step",
    );
  });

  test("whose example names no parameter", () => {
    expect(broken({ examples: ["refund {id}"] })).toThrow(
      'plans.refund.examples: "refund {id}": "{{with.id}}" names no',
    );
  });

  test("whose step has the parameters' id", () => {
    expect(broken({ steps: [{ id: "with", tool: "say", args: { text: "x" } }], answer: "with" })).toThrow(
      '"with" cannot be the id of a step',
    );
  });

  test("whose name another has", () => {
    expect(() => setUp({ plans: [REFUND, REFUND] })).toThrow(
      "plans.refund: there are two plans of this name",
    );
  });

  test("whose name holds a blank", () => {
    expect(broken({ name: "my plan" })).toThrow("plans.0.name: must be a short name without blanks");
  });
});

test("parameters may be JSON Schemas, as files have them", async () => {
  const parameters = { order: { type: "integer" }, note: { type: "string", default: "none" } };
  const { agent, config } = setUp({ plans: [{ ...REFUND, parameters, steps: REFUND.steps.slice(0, 2) }] });
  await agent.invoke({ plan: { name: "refund", with: { order: 7 } } }, config);
  expect(refunds).toEqual([{ id: 7, amount: 70, note: "none" }]);
});

test("a model's own plan cannot refer to parameters", async () => {
  const steps = [{ tool: "say", args: { text: "{{with.order}}" } }];
  const { agent, model, config } = setUp({}, { planner: planCall(steps), agent: "done", answer: "done" });
  await agent.invoke({ input: "go" }, config);
  expect(model.calls[1]?.prompt).toContain('refers to "{{with.order}}", which names no step');
});

describe("a model uses a saved plan", () => {
  const use = (args: Record<string, unknown>) => [{ name: "plan", args }];

  test.each([
    ["by the plan tool", use({ use: "refund", with: { order: 7 } }), "auto"],
    ["beside an empty list of steps", use({ steps: [], use: "refund", with: { order: 7 } }), "auto"],
    ["as text", '```json\n{"use":"refund","with":{"order":7}}\n```', "text"],
  ] as const)("%s", async (_how, planner, method) => {
    const { agent, config } = setUp({ planner: { method } }, { planner, answer: planner });
    const run = await agent.invoke({ input: "refund 7" }, config);
    expect(run).toMatchObject({ status: "done", response: "Order 7 is refunded.", usage: { calls: 1 } });
    expect((await agent.getState(config)).values.planVersions).toMatchObject([
      { by: "planner", reason: 'the saved plan "refund"' },
    ]);
  });

  test("and hears what is wrong with its values", async () => {
    const answers = [use({ use: "refund" }), use({ use: "refund", with: { order: 7 } })];
    const { agent, model, config } = setUp({}, { planner: () => answers.shift() ?? "?" });
    const run = await agent.invoke({ input: "refund 7" }, config);
    expect(run.response).toBe("Order 7 is refunded.");
    expect(model.calls[1]?.prompt).toContain('The saved plan "refund": The parameter "order" is not right');
  });

  test("and sees no plan whose tools the run may not use", async () => {
    const { agent, model, config } = setUp({}, { planner: "No." });
    await agent.invoke({ input: "refund 7" }, { ...config, context: { tools: ["say"] } });
    expect(model.calls[0]?.prompt).not.toContain("saved_plans");
    await agent.invoke({ input: "refund 7" }, config);
    expect(model.calls[1]?.prompt).toContain("refund(order: integer");
  });
});
