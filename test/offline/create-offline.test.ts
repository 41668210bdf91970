import { afterAll, describe, expect, it } from "vitest";
import type { PlanStep, StepResult } from "../../src/plan/index.js";
import type { PlanRequest, ReplanCause } from "../../src/prompts/index.js";
import { World } from "./world.js";

const world = new World();
afterAll(() => world.remove());

const refund = {
  name: "refund-order",
  description: "Refunds an order.",
  examples: ["Refund order {orderId}.", "refund {amount} of order {orderId}"],
  parameters: {
    type: "object",
    properties: { orderId: { type: "integer" }, amount: { type: "number", default: 0 } },
    required: ["orderId", "amount"],
  },
};
const report = {
  name: "report",
  description: "Writes a report.",
  examples: ["report on {topic} as {format}"],
  parameters: {
    type: "object",
    properties: { topic: { type: "string" }, format: { type: "string", enum: ["text", "PDF"] } },
    required: ["topic", "format"],
  },
};
const double = {
  name: "double",
  description: "Doubles.",
  readOnly: true,
  parameters: { type: "object", properties: { value: { type: "number" } }, required: ["value"] },
};
const plan = (goal: string, more: Partial<PlanRequest> = {}) =>
  world.offline.plan(world.requestOf(goal, { plans: [refund, report], ...more }));

describe("saved plans", () => {
  it.each([
    ["refund order 7", { use: "refund-order", with: { orderId: 7 } }],
    ["  Refund   ORDER 7 !", { use: "refund-order", with: { orderId: 7 } }],
    ["please refund $12.50 of order 7", { use: "refund-order", with: { amount: 12.5, orderId: 7 } }],
    ["Report on the sea as pdf", { use: "report", with: { topic: "the sea", format: "PDF" } }],
    [
      "run refund-order with orderId=7 and amount=3",
      { use: "refund-order", with: { orderId: 7, amount: 3 } },
    ],
    ["refund order 7: orderId", { refused: expect.any(String) }],
    ["refund-order orderId: 7, amount: 2", { use: "refund-order", with: { orderId: 7, amount: 2 } }],
    ["use the plan refund order", { refused: expect.stringContaining("needs orderId") }],
    [
      'report topic="tea and then milk", format=text',
      { use: "report", with: { topic: "tea and then milk", format: "text" } },
    ],
  ])("%j", async (goal, reply) => {
    expect(await plan(goal)).toMatchObject(reply);
  });

  it.each([
    "refund order seven hundred",
    "refund order 7 and email Ann",
    "report on tea then milk as text",
    "report on tea as gif",
  ])("a slot takes only what its schema allows: %j is refused", async (goal) => {
    expect(await plan(goal)).toMatchObject({ refused: expect.stringContaining("refund-order") });
  });

  it("does not choose between two plans for the same words", async () => {
    const twin = { ...refund, name: "pay-back" };
    expect(await plan("refund order 7", { plans: [refund, twin] })).toEqual({
      refused: 'Two saved plans are for this: "refund-order" and "pay-back". Call one by its name.',
    });
  });
});

describe("a tool without rules of its own", () => {
  it.each(["double 21", "call double with value=21"])("is called by its name: %j", async (goal) => {
    expect(await plan(goal, { tools: [double] })).toEqual({
      steps: [{ id: "1", description: goal, tool: "double", args: { value: 21 } }],
    });
  });
});

describe("a refusal", () => {
  it("offers what was understood, and says what can be done with the tools that are there", async () => {
    const reply = await plan("Calculate 3*4 and write a poem about it", {
      tools: [...world.requestOf("").tools.filter(({ name }) => name === "calculator"), double],
    });
    expect(reply).toEqual({
      refused: [
        'I do not understand "write a poem about it", so nothing was done.',
        'Without a model I understand arithmetic ("15% of 80", "17*23 and 19*29, then add the two results").',
        'Saved plans: refund-order ("Refund order {orderId}."), report ("report on {topic} as {format}").',
        "Tools, called as NAME KEY=VALUE: double.",
        "For anything else set OPENAI_API_KEY, or PLAN_EXECUTE_MODEL=provider:name.",
      ].join("\n"),
      understood: "Calculate 3*4",
    });
  });

  it("names the tool that is missing", async () => {
    expect(await plan("2 + 2", { tools: [] })).toMatchObject({
      refused: expect.stringContaining('needs the tool "calculator"'),
    });
  });

  it("follows where the same plan would come again", async () => {
    expect(await plan("2 + 2", { issues: ["No."] })).toMatchObject({
      refused: expect.stringContaining("No."),
    });
    const rejected = { plan: [], feedback: "Use three." };
    expect(await plan("2 + 2", { rejected })).toMatchObject({
      refused: expect.stringContaining("Use three."),
    });
    expect(await plan("2 + 2 and 3 + 3", { maxSteps: 1 })).toMatchObject({
      refused: expect.stringContaining("2 steps"),
    });
  });
});

const step = (id: string, more: Partial<PlanStep> = {}): PlanStep => ({
  id,
  description: `step ${id}`,
  tool: "calculator",
  args: { expression: "1" },
  ...more,
});
const done = (id: string, output: StepResult["output"], more: Partial<StepResult> = {}): StepResult => ({
  id,
  description: `step ${id}`,
  status: "done",
  output,
  attempts: 1,
  endedAt: "",
  ...more,
});

describe("the other roles without a model", () => {
  const request = {
    ...world.requestOf("…"),
    decisions: [],
    remaining: [step("3")],
    replaced: [],
    firstId: 4,
  };
  const replan = (...causes: ReplanCause[]) =>
    world.offline.replan({
      ...request,
      causes,
      plan: [step("1"), step("2"), step("3")],
      pastSteps: [
        done("1", 12),
        done("2", undefined, { status: "failed", error: { code: "TOOL_FAILED", message: "No file." } }),
      ],
    });

  it("tell honestly what was done and what was not", async () => {
    const told = "Step 1: 12\nNot done: step 2. No file.\nNot begun: step 3.";
    expect(await replan({ kind: "trouble", steps: [] })).toBe(told);
    expect(await replan({ kind: "remark", text: "Use b.txt." })).toBe(
      `${told}\nWithout a model I cannot change a plan by what is said about it.`,
    );
  });

  it("go on with the plan when they are only asked whether to", async () => {
    expect(await replan({ kind: "check" })).toEqual({ steps: [step("3")] });
  });

  it("write each result that no other step used, and what was written", async () => {
    const rows = [
      { region: "North", total: 5 },
      { region: "South", total: 7 },
    ];
    const plan = [
      step("1"),
      step("2", { args: { expression: "{{1}} + 1" } }),
      step("3"),
      step("4", { tool: "write_file" }),
    ];
    const pastSteps = [
      done("1", 1),
      done("2", 2),
      done("3", { rows, count: 2 }),
      done("4", {}, { tool: "write_file", args: { path: "a.txt" } }),
    ];
    expect(await world.offline.write({ ...request, plan, pastSteps })).toBe(
      "- Step 2: 2\n- Step 3:\n  (2)\n  region: North, total: 5\n  region: South, total: 7\n- Wrote a.txt.",
    );
  });

  it("block a step in words", async () => {
    const { signal } = request;
    const asked = { goal: "", signal, step: { id: "1", description: "Think." }, inputs: {}, tools: [] };
    expect(await world.offline.run(asked)).toEqual({
      blocked: '"Think." is a step in words: it needs a model.',
    });
  });
});
