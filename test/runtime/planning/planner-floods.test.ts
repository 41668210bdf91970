import { AIMessage } from "@langchain/core/messages";
import { describe, expect, test } from "vitest";
import { plannedAgent } from "../../support/agent-run.js";
import { planCall } from "../../support/scripted-model.js";

describe("a planner that runs away", () => {
  const junk = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ tool: "none", dependsOn: [`x${index}`, "y"] }));

  test("with thousands of steps is told that they are too many, and of nothing else", async () => {
    const { agent, eventsOf } = plannedAgent([], {}, { planner: planCall(junk(5_000)), agent: "by agent" });
    expect((await agent.invoke({ input: "go" })).status).toBe("done");
    const [told] = eventsOf("plan.invalid").map(({ issues }) => issues);
    expect(told).toEqual([expect.stringContaining("5000 steps, and 12 are allowed")]);
  });

  test("with more than an answer may hold is not read to its end", async () => {
    const { agent } = plannedAgent([], {}, { planner: planCall(junk(50_000)) });
    const { status, outcome } = await agent.invoke({ input: "go" });
    expect(status).toBe("failed");
    expect(outcome?.reason).toContain("250000");
  });

  test("is told of the first fifty issues, and how many more there are", async () => {
    const { agent, eventsOf, model } = plannedAgent(
      [],
      {},
      { planner: planCall(junk(150)), agent: "by agent" },
    );
    expect((await agent.invoke({ input: "go" })).status).toBe("done");
    const [told = []] = eventsOf("plan.invalid").map(({ issues }) => issues);
    expect(told).toHaveLength(51);
    expect(told.at(-1)).toMatch(/^There are \d+ more issues/);
    expect(model.calls[1]?.prompt.length).toBeLessThan(30_000);
  });
});

test("a call that cannot be read, of a tool that is not there, is no answer", async () => {
  const odd = new AIMessage({ content: "", invalid_tool_calls: [{ id: "c", name: "blocked", args: "A" }] });
  const { agent, eventsOf } = plannedAgent([], {}, { planner: odd, agent: "by agent", replanner: odd });
  const { status, response, outcome } = await agent.invoke({ input: "go" });
  expect(status).toBe("incomplete");
  expect(response).toContain("by agent");
  expect(outcome?.reason).toContain("no valid plan");
  expect(eventsOf("plan.invalid").length).toBeGreaterThan(2);
});
