import { tool } from "@langchain/core/tools";
import { Command, MemorySaver } from "@langchain/langgraph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../../src/agent/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { planCall, type ScriptByRole, type ScriptedModel } from "../../support/scripted-model.js";

const list = tool(() => ["x", "y", "z"], {
  name: "list",
  description: "lists",
  schema: z.object({}),
  metadata: { readOnly: true },
});
const store = tool(({ value }) => `stored ${JSON.stringify(value)}`, {
  name: "store",
  description: "stores",
  schema: z.object({ value: z.any() }),
});
const tools = [echo, list, store];

const say = (value: unknown, others: object = {}) => ({ echo: { value }, ...others });
const keep = (value: unknown, others: object = {}) => ({ store: { value }, ...others });

const script: ScriptByRole = {
  call: [{ name: "echo", args: { value: "made" } }],
  agent: "an agent's result",
};

/** How often each role was asked. */
function callsOf(model: ScriptedModel) {
  const roles = ["planner", "replanner", "agent", "call", "answer"] as const;
  return Object.fromEntries(
    roles.map((role) => [role, model.count(role)]).filter(([, count]) => count !== 0),
  );
}

/** Runs a healthy plan, and says which models it took. */
async function run(
  steps: readonly unknown[],
  answer: string | undefined,
  options: Omit<PlanExecuteOptions, "model"> = {},
) {
  const planner = planCall(steps, answer);
  const { agent, model } = plannedAgent(steps, { tools, ...options }, { ...script, planner });
  const { status } = await agent.invoke({ input: "go" });
  return [status, callsOf(model)];
}

const directPlans: [string, readonly unknown[]][] = [
  ["one step", [say(1)]],
  ["a chain", [say(1), say("{{1}}"), keep("{{2}}"), say("{{3}}")]],
  ["steps side by side", Array.from({ length: 8 }, (_, index) => say(index))],
  ["a diamond", [say(1), say("{{1}}"), say("{{1}}"), keep(["{{2}}", "{{3}}"])]],
  ["steps for each item", [{ list: {} }, say("{{item}}", { forEach: "{{1}}" }), keep("{{2}}")]],
  ["a step for each of no items", [say([]), keep("{{item}}", { forEach: "{{1}}" }), say("{{2}}")]],
  ["a step that its condition leaves out", [say(false), keep(1, { if: "{{1}}" }), say("went on")]],
];
const ways: [string, Omit<PlanExecuteOptions, "model">][] = [
  ["by default", {}],
  ["without acting early", { planner: { actEarly: false } }],
  ["one step at a time", { executor: { order: "sequential" } }],
  ["with outputs that are checked", { executor: { checkOutput: { store: "no-error-text" } } }],
  ["with a person to ask and limits to keep", { approval: { escalate: true }, limits: { maxModelCalls: 2 } }],
];

describe.each(ways)("a healthy plan of direct steps, %s", (_way, options) => {
  it.each(directPlans)("asks a model once where a step's output is the answer: %s", async (_name, steps) => {
    expect(await run(steps, String(steps.length), options)).toEqual(["done", { planner: 1 }]);
  });

  it.each(directPlans)("asks twice where the answer has to be written: %s", async (_name, steps) => {
    expect(await run(steps, undefined, options)).toEqual(["done", { planner: 1, answer: 1 }]);
  });
});

describe("whoever writes the answer", () => {
  it("is asked once, at the end, where it has a model of its own", async () => {
    const answering = plannedAgent([], {}, { answer: "the end" }).model;
    const options = { tools, answer: { model: answering } };
    expect(await run([say(1), keep("{{1}}")], undefined, options)).toEqual(["done", { planner: 1 }]);
    expect(callsOf(answering)).toEqual({ answer: 1 });
    expect(await run([say(1), keep("{{1}}")], "2", options)).toEqual(["done", { planner: 1 }]);
    expect(callsOf(answering)).toEqual({ answer: 1 });
  });
});

it.each([true, false])("several windows of steps ask no model more, acting early %s", async (actEarly) => {
  const free = Array.from({ length: 450 }, (_, index) => say(index));
  const inRow = Array.from({ length: 230 }, (_, index) => keep(index));
  expect(await run(free, "450", { planner: { actEarly } })).toEqual(["done", { planner: 1 }]);
  expect(await run(inRow, undefined, { planner: { actEarly } })).toEqual(["done", { planner: 1, answer: 1 }]);
});

it("a commit between any two steps asks no model", async () => {
  const tick = tool(
    () => {
      const before = Date.now();
      while (Date.now() <= before) {}
      return "ticked";
    },
    { name: "tick", description: "takes a millisecond", schema: z.object({}) },
  );
  const steps = Array.from({ length: 20 }, () => ({ tick: {} }));
  const options = { tools: [tick], executor: { commitAfterMs: 1 } };
  const { agent, model } = plannedAgent(steps, options, { planner: planCall(steps, "20") });
  let supersteps = 0;
  for await (const update of await agent.stream({ input: "go" }, { streamMode: "updates" })) {
    if ("executor" in update) {
      supersteps += 1;
    }
  }
  expect(supersteps).toBeGreaterThan(10);
  expect(callsOf(model)).toEqual({ planner: 1 });
});

it("each turn of a thread asks as often as the first", async () => {
  const planner = planCall([say(1), keep("{{1}}")], "2");
  const { agent, model } = plannedAgent([], { tools, checkpointer: new MemorySaver() }, { planner });
  for (const turn of [1, 2, 3]) {
    const { status } = await agent.invoke({ input: "go" }, { configurable: { thread_id: "1" } });
    expect([status, callsOf(model)]).toEqual(["done", { planner: turn }]);
  }
});

it("a person's approval of plan and calls asks no model", async () => {
  const planner = planCall([say(1), keep("{{1}}"), keep("{{2}}")], "3");
  const approval = { plan: true, tools: { store: true } };
  const options = { tools, approval, checkpointer: new MemorySaver() };
  const { agent, model } = plannedAgent([], options, { planner });
  const thread = { configurable: { thread_id: "1" } };
  await agent.invoke({ input: "go" }, thread);
  let asked = 0;
  for (; (await agent.getState(thread)).next.length > 0; asked += 1) {
    await agent.invoke(new Command({ resume: "approve" }), thread);
  }
  expect([asked, callsOf(model)]).toEqual([3, { planner: 1 }]);
});

it("whatever healthy plan, only its own steps and a missing answer ask a model more", async () => {
  const step = fc.record({
    kind: fc.constantFrom("read", "write", "call", "agent", "each", "each-agent"),
    from: fc.array(fc.nat(8), { maxLength: 2 }),
  });
  const shape = fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 8 }),
    isAnswered: fc.boolean(),
    actEarly: fc.boolean(),
    commitAfterMs: fc.constantFrom(1, 30_000),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ steps, isAnswered, actEarly, commitAfterMs }) => {
      const asked = { call: 0, agent: 0 };
      const written = steps.map(({ kind, from }, index) => {
        const value = from.filter((source) => source < index).map((source) => `{{${source + 1}}}`);
        const description = `Look at ${value.join(" and ") || "nothing"}`;
        if (kind === "read") {
          return say(value);
        }
        if (kind === "write") {
          return keep(value);
        }
        if (kind === "each") {
          return keep("{{item}}", { forEach: "{{items}}" });
        }
        asked.call += kind === "call" ? 1 : 0;
        asked.agent += { agent: 1, "each-agent": 3 }[kind as string] ?? 0;
        if (kind === "call") {
          return { tool: "echo", description };
        }
        return kind === "agent" ? { description } : { description: "Look at {{item}}", forEach: "{{items}}" };
      });
      const plan = [
        ...written.map((one, index) => ({ id: String(index + 1), ...one })),
        { id: "items", list: {} },
      ];
      const answer = isAnswered ? String(steps.length) : undefined;
      const expected = { planner: 1, answer: isAnswered ? 0 : 1, ...asked };
      const calls = Object.entries(expected).filter(([, count]) => count > 0);
      expect(await run(plan, answer, { planner: { actEarly }, executor: { commitAfterMs } })).toEqual([
        "done",
        Object.fromEntries(calls),
      ]);
    }),
    { numRuns: 25 },
  );
});
