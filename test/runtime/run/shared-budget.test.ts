import { describe, expect, test } from "vitest";
import {
  createBudget,
  createPlanExecuteAgent,
  OptionsError,
  type PlanExecuteOptions,
} from "../../../src/agent/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { SCRIPTED_USAGE, scriptedByRole } from "../../support/scripted-model.js";

const prices = { scripted: { inputPerMillion: 1_000, outputPerMillion: 2_000 } };
/** A run makes two calls: one for the plan, one for the answer. */
const steps = [{ id: "1", tool: "echo", args: { value: "kept" } }];

function agentOn(budget: PlanExecuteOptions["budget"], options: Omit<PlanExecuteOptions, "model"> = {}) {
  return plannedAgent(steps, { tools: [echo], budget, prices, ...options });
}

describe("a budget that runs share", () => {
  test("counts the calls of all runs of all agents, and lets each run have the rest", async () => {
    const budget = createBudget({ maxModelCalls: 5 });
    const [one, other] = [agentOn(budget), agentOn(budget)];
    const first = await one.agent.invoke({ input: "go" });
    const second = await other.agent.invoke({ input: "go" });
    const third = await one.agent.invoke({ input: "go" });
    const fourth = await other.agent.invoke({ input: "go" });
    expect([first, second, third, fourth].map(({ status }) => status)).toEqual([
      "done",
      "done",
      "incomplete",
      "incomplete",
    ]);
    expect(third.response).toContain("kept");
    expect(third.outcome?.reason).toBe(
      "The runs that share a budget have made 5 of 5 model calls, those under way included. Raise createBudget.maxModelCalls to allow more.",
    );
    expect(other.eventsOf("limit.reached").map(({ limit }) => limit)).toEqual(["maxModelCalls"]);
    expect(budget.spent()).toEqual({ calls: 5, inputTokens: 50, outputTokens: 25, costUsd: 0.1 });
    expect(first.usage.calls).toBe(2);
  });

  test("is not exceeded by runs side by side; one that only waits for others goes on after them", async () => {
    const budget = createBudget({ maxCostUsd: 4 });
    let underWay = 0;
    let most = 0;
    // A call may cost over two dollars until it is known that it cost 0.02.
    const script = {
      planner: async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise(setImmediate);
        underWay -= 1;
        return "an answer without a plan";
      },
    };
    const runs = Array.from({ length: 4 }, () =>
      plannedAgent([], { budget, prices }, script).agent.invoke({ input: "go" }),
    );
    expect((await Promise.all(runs)).map(({ status }) => status)).toEqual(["done", "done", "done", "done"]);
    expect(most).toBe(1);
    expect(budget.spent().costUsd).toBeCloseTo(
      (4 * (SCRIPTED_USAGE.input_tokens * 1_000 + SCRIPTED_USAGE.output_tokens * 2_000)) / 1e6,
    );
  });

  test("leaves a run its own limits", async () => {
    const { agent } = agentOn(createBudget({ maxModelCalls: 100 }), { limits: { maxModelCalls: 1 } });
    const { outcome } = await agent.invoke({ input: "go" });
    expect(outcome?.reason).toContain("The turn has made 1 of 1 model calls");
  });

  test("goes on from what was spent before", async () => {
    const before = createBudget(
      { maxModelCalls: 3 },
      { calls: 3, inputTokens: 1, outputTokens: 1, costUsd: 0 },
    );
    const { status, usage } = await agentOn(before).agent.invoke({ input: "go" });
    expect([status, usage.calls]).toEqual(["incomplete", 0]);
  });
});

describe("createBudget", () => {
  test.each([
    ["a wrong number", { maxCostUsd: -1 }, "maxCostUsd"],
    ["a limit of a single turn", { maxDurationMs: 5 }, "maxDurationMs: there is no such option"],
  ])("refuses %s in words", (_, limits: object, said) => {
    expect(() => createBudget(limits)).toThrow(OptionsError);
    expect(() => createBudget(limits)).toThrow(said);
  });

  test("an agent refuses what is no budget, and dollars without prices, when it is built", () => {
    const model = scriptedByRole({});
    const limits: object = { maxCostUsd: 1 };
    expect(() => createPlanExecuteAgent({ model, budget: limits as never })).toThrow(
      /budget: must be a budget, such as createBudget/,
    );
    expect(() => createPlanExecuteAgent({ model, budget: createBudget({ maxCostUsd: 1 }) })).toThrow(
      /budget\.maxCostUsd: "scripted" \(planner\.model\) has no price/,
    );
  });
});
