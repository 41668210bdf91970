import { describe, expect, test } from "vitest";
import { createPlanExecuteAgent, type PlanExecuteOptions } from "../../../src/agent/index.js";
import type { AgentEvent } from "../../../src/events/index.js";
import { echo, noWait } from "../../support/agent-run.js";
import {
  planCall,
  SCRIPTED_USAGE,
  type Script,
  ScriptedModel,
  scriptedByRole,
} from "../../support/scripted-model.js";

const steps = [
  { id: "easy", description: "easy", dependsOn: [] },
  { id: "hard", description: "hard", model: "strong", dependsOn: [] },
  { id: "call", tool: "echo", description: "say it", model: "strong", dependsOn: [] },
];

const weakPrice = { scripted: { inputPerMillion: 0, outputPerMillion: 0 } };

/** An agent with a weak and a strong model, in which only the strong one may be named by steps. */
function twoModels(options: PlanExecuteOptions = {}, strongScript?: Script) {
  const events: AgentEvent[] = [];
  const script = {
    planner: planCall(steps),
    agent: "done",
    call: [{ name: "echo", args: { value: "said" } }],
    replanner: "the answer",
  };
  const weak = scriptedByRole(script);
  const other = strongScript === undefined ? scriptedByRole(script) : new ScriptedModel(strongScript);
  const strong = Object.assign(other, { model: "strong" });
  const { executor, ...others } = options;
  const agent = createPlanExecuteAgent({
    model: "weak",
    models: { weak, strong },
    tools: [echo],
    executor: { strongModel: "strong", retry: noWait, ...executor },
    onEvent: (event) => events.push(event),
    ...others,
  });
  return { agent, weak, strong, events };
}

describe("a step that is marked for the strong model", () => {
  test("is done by it, an agent's as well as a call's, and counted under its name and the executor's role", async () => {
    const prices = { ...weakPrice, strong: { inputPerMillion: 1_000_000, outputPerMillion: 0 } };
    const { agent, weak, strong } = twoModels({ prices });
    const { status, plan, usage } = await agent.invoke({ input: "go" });
    expect({ status, plan }).toMatchObject({ status: "done", plan: steps });
    expect(strong.calls.map(({ role }) => role).sort()).toEqual(["agent", "call"]);
    expect(weak.calls.map(({ role }) => role)).toEqual(["planner", "agent", "answer"]);
    const cost = SCRIPTED_USAGE.input_tokens;
    expect(usage).toMatchObject({ calls: 5, costUsd: 2 * cost });
    expect(usage.byRole).toMatchObject({
      executor: { calls: 3, costUsd: 2 * cost },
      planner: { costUsd: 0 },
    });
    expect(usage.byStep).toMatchObject({ hard: { calls: 1, costUsd: cost }, easy: { costUsd: 0 } });
  });

  test("is done by the role's own model where there is no strong one, which the planner is not told of", async () => {
    const { agent, weak, strong } = twoModels({ executor: { strongModel: undefined } });
    const { status, plan } = await agent.invoke({ input: "go" });
    expect({ status, plan }).toMatchObject({ status: "done", plan: steps });
    expect(strong.count()).toBe(0);
    expect(weak.count()).toBe(5);
  });

  test("is done by the role's own model where the strong one is down, and the run says so", async () => {
    const { agent, weak, events } = twoModels({}, () => new TypeError("down"));
    expect((await agent.invoke({ input: "go" })).status).toBe("done");
    expect(weak.count("agent")).toBe(2);
    expect(events.filter(({ type }) => type === "model.fallback")).toMatchObject([
      { role: "executor", from: "strong", to: "weak" },
      { role: "executor", from: "strong", to: "weak" },
    ]);
  });

  test("keeps to the turn's limits", async () => {
    const { agent, strong, weak } = twoModels({ limits: { maxModelCalls: 2 } });
    const { status, outcome } = await agent.invoke({ input: "go" });
    expect({ status, reason: outcome?.reason }).toMatchObject({
      status: "incomplete",
      reason: expect.stringContaining("maxModelCalls"),
    });
    expect(strong.count() + weak.count()).toBe(2);
  });

  test("is done by the model that a run's context names", async () => {
    const { agent, strong } = twoModels({ executor: { strongModel: undefined } });
    await agent.invoke({ input: "go" }, { context: { strongModel: "strong" } });
    expect(strong.count()).toBe(2);
  });

  test("needs a model with a known name, and with a price where there is a limit on costs", () => {
    expect(() => twoModels({ executor: { strongModel: "stronk" } })).toThrow(/executor\.strongModel/);
    expect(() => twoModels({ limits: { maxCostUsd: 1 }, prices: weakPrice })).toThrow(
      /"strong" \(executor\.strongModel\) has no price/,
    );
  });
});
