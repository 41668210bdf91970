// What the roles are told of the day, of the answer, and of the tools.
import { afterEach, expect, test, vi } from "vitest";
import { createPlanExecuteAgent, type PlanRequest } from "../../../src/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { planCall } from "../../support/scripted-model.js";

afterEach(() => {
  vi.useRealTimers();
});

test("the planner is told the day, in the time zone of the options or of the run", async () => {
  vi.useFakeTimers({ now: new Date("2025-06-10T22:30:00Z"), toFake: ["Date"] });
  const { agent, model } = plannedAgent(
    [],
    { tools: [echo], timezone: "Europe/Berlin" },
    { planner: "Hello." },
  );
  await agent.invoke({ input: "hi" });
  await agent.invoke({ input: "hi" }, { context: { timezone: "America/New_York" } });
  const days = model.calls.map(({ prompt }) => /Today is ([^.]*)\./.exec(prompt)?.[1]);
  expect(days).toEqual(["Wed, 2025-06-11, Europe/Berlin", "Tue, 2025-06-10, America/New_York"]);
});

test("a planner that is a function is told it too", async () => {
  vi.useFakeTimers({ now: new Date("2025-06-10T09:30:00Z"), toFake: ["Date"] });
  const requests: PlanRequest[] = [];
  const plan = (request: PlanRequest) => {
    requests.push(request);
    return "Hello.";
  };
  await createPlanExecuteAgent({ planner: { plan }, timezone: "Asia/Tokyo" }).invoke({ input: "hi" });
  expect(requests[0]?.today).toBe("Tue, 2025-06-10, Asia/Tokyo");
});

test("a time zone that is none is refused", () => {
  expect(() => createPlanExecuteAgent({ timezone: "Mars/Base" })).toThrow("must be a time zone");
});

test("an agent whose output is the answer is told so, and no other; who closes is told the tools", async () => {
  const steps = [
    { id: "a", description: "think" },
    { id: "b", description: "tell" },
  ];
  const { agent, model } = plannedAgent(
    steps,
    { tools: [echo] },
    { planner: planCall(steps, "b"), agent: "text" },
  );
  await agent.invoke({ input: "go" });
  const told = model.calls.filter(({ role }) => role === "agent").map(({ prompt }) => prompt);
  expect(told.map((prompt) => prompt.includes("the answer for the person"))).toEqual([false, true]);

  const closing = plannedAgent(steps, { tools: [echo] }, { agent: "text", answer: "It is so." });
  await closing.agent.invoke({ input: "go" });
  expect(closing.model.calls.at(-1)?.prompt).toContain("Tools for more work: echo.");
});
