import { tool } from "@langchain/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../../src/agent/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import type { ScriptByRole } from "../../support/scripted-model.js";

const say = (id: string, value: unknown = id) => ({ id, tool: "echo", args: { value } });
const prices = { scripted: { inputPerMillion: 1_000_000, outputPerMillion: 1_000_000 } };

function limited(
  limits: NonNullable<PlanExecuteOptions["limits"]>,
  options: PlanExecuteOptions = {},
  script: ScriptByRole = {},
) {
  return plannedAgent([say("a"), say("b")], { tools: [echo], limits, ...options }, script);
}

test("a limit on model calls ends the run before the closing call, with what was done", async () => {
  const { agent, model, eventsOf } = limited({ maxModelCalls: 1 });
  const run = await agent.invoke({ input: "go" });
  expect(run.status).toBe("incomplete");
  expect(run.outcome?.reason).toContain("1 of 1 model calls");
  expect(run.pastSteps.map(({ output }) => output)).toEqual(["a", "b"]);
  expect(run.response).toContain("Done:");
  expect(model.count()).toBe(1);
  expect(eventsOf("limit.reached")).toMatchObject([{ limit: "maxModelCalls" }]);
});

test("repairs count against the limit too", async () => {
  const { agent, model } = limited(
    { maxModelCalls: 2 },
    {},
    { planner: [{ name: "plan", args: { steps: [] } }] },
  );
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "incomplete", plan: [], pastSteps: [] });
  expect(model.count()).toBe(2);
});

test("a limit on tokens holds the first call back that might pass it", async () => {
  const { agent, model, eventsOf } = limited({ maxTokens: 500 });
  const run = await agent.invoke({ input: "go" });
  expect(run.status).toBe("incomplete");
  expect(run.outcome?.reason).toContain("Raise limits.maxTokens");
  expect(model.count()).toBe(0);
  expect(eventsOf("limit.reached")).toMatchObject([{ limit: "maxTokens" }]);
});

test("a limit on dollars needs prices, and says what to set", () => {
  expect(() => limited({ maxCostUsd: 1 })).toThrow('set prices["scripted"]');
});

test("a limit on dollars holds the first call back that might pass it", async () => {
  const { agent, model } = limited({ maxCostUsd: 100 }, { prices });
  const run = await agent.invoke({ input: "go" });
  expect(run.status).toBe("incomplete");
  expect(run.outcome?.reason).toContain("limits.maxCostUsd");
  expect(model.count()).toBe(0);
});

test("dollars are told by role and in all, and are not known without prices", async () => {
  const priced = await limited({}, { prices }).agent.invoke({ input: "go" });
  expect(priced.usage).toMatchObject({ calls: 2, costUsd: 30 });
  expect(priced.usage.byRole.planner.costUsd).toBe(15);
  expect(priced.usage.byRole.answer.costUsd).toBe(15);
  const unpriced = await limited({}).agent.invoke({ input: "go" });
  expect(unpriced.usage.costUsd).toBeNull();
});

test("a planner that never answers is left when the turn's time is up", async () => {
  const { agent } = limited({ maxDurationMs: 1_000 }, {}, { planner: () => new Promise(() => {}) });
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "incomplete", pastSteps: [] });
  expect(run.usage).toMatchObject({ calls: 1, failedCalls: 1 });
});

test("an answer that never comes is left when the time is up, and what was done is kept", async () => {
  const { agent, eventsOf } = limited({ maxDurationMs: 2_000 }, {}, { answer: () => new Promise(() => {}) });
  const run = await agent.invoke({ input: "go" });
  expect(run.status).toBe("incomplete");
  expect(run.outcome?.reason).toContain("maxDurationMs is 2000 ms");
  expect(run.pastSteps.map(({ output }) => output)).toEqual(["a", "b"]);
  expect(eventsOf("limit.reached")).toHaveLength(1);
});

test("a caller's abort is no limit: the run throws, and no event says that it ended", async () => {
  const controller = new AbortController();
  const { agent, eventsOf } = limited(
    { maxDurationMs: 60_000 },
    {},
    {
      planner: () => {
        controller.abort(new Error("stopped"));
        return new Promise(() => {});
      },
    },
  );
  await expect(agent.invoke({ input: "go" }, { signal: controller.signal })).rejects.toThrow();
  expect([...eventsOf("agent.completed"), ...eventsOf("agent.failed"), ...eventsOf("limit.reached")]).toEqual(
    [],
  );
});

test("a run ends by itself before LangGraph's recursion limit, and says so", async () => {
  const { agent, eventsOf } = plannedAgent(
    Array.from({ length: 10 }, (_, index) => ({
      ...say(`s${index}`),
      ...(index > 0 ? { dependsOn: [`s${index - 1}`] } : {}),
    })),
    { tools: [echo], replanner: { when: "every-step", maxReplans: 0 } },
  );
  const run = await agent.invoke({ input: "go" }, { recursionLimit: 8 });
  expect(run.status).toBe("incomplete");
  expect(run.outcome?.reason).toContain("recursion limit of 8");
  expect(run.pastSteps.length).toBeGreaterThan(0);
  expect(run.outcome?.left.length).toBeGreaterThan(0);
  expect(eventsOf("limit.reached")).toMatchObject([{ limit: "recursionLimit" }]);
});

test("what steps use is counted by step", async () => {
  const note = tool(({ text }) => text, {
    name: "note",
    description: "notes",
    schema: z.object({ text: z.string() }),
  });
  const { agent } = plannedAgent(
    [
      { id: "n", tool: "note", description: "note it" },
      { id: "w", description: "write it" },
    ],
    { tools: [note] },
    { call: [{ name: "note", args: { text: "x" } }], agent: "written" },
  );
  const { usage } = await agent.invoke({ input: "go" });
  expect(usage.byStep).toMatchObject({ n: { calls: 1, inputTokens: 10 }, w: { calls: 1, inputTokens: 10 } });
  expect(usage.byRole.executor.calls).toBe(2);
  expect(usage.calls).toBe(4);
});
