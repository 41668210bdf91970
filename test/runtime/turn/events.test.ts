import { tool } from "@langchain/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";
import type { AgentEvent } from "../../../src/events/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { planCall } from "../../support/scripted-model.js";

const say = (id: string, value: unknown = id) => ({ id, tool: "echo", args: { value } });
const broken = tool(
  () => {
    throw new Error("no network");
  },
  { name: "broken", description: "never works", schema: z.object({}) },
);

const short = (event: AgentEvent) => ("stepId" in event ? `${event.type} ${event.stepId}` : event.type);

test("a healthy run tells its beginning, its plan, each step and call, and its end", async () => {
  const { agent, events } = plannedAgent([say("a"), say("b", "{{a}}!")], {
    tools: [echo],
    planner: { actEarly: false },
  });
  await agent.invoke({ input: "go" });
  expect(events.map(short)).toEqual([
    "agent.started",
    "model.called",
    "model.returned",
    "plan.generated",
    "step.started a",
    "tool.called a",
    "tool.returned a",
    "step.ended a",
    "step.started b",
    "tool.called b",
    "tool.returned b",
    "step.ended b",
    "model.called",
    "answer.token",
    "answer.token",
    "model.returned",
    "agent.completed",
  ]);
  expect(events.at(-1)).toMatchObject({ status: "done", response: "the answer" });
});

test("a run whose plan changes tells why, and the plan's next version", async () => {
  let calls = 0;
  const { agent, events, eventsOf } = plannedAgent(
    [{ id: "f", tool: "broken", args: {} }, say("s", "{{f}}")],
    { tools: [echo, broken], planner: { actEarly: false } },
    { replanner: () => (calls++ === 0 ? planCall([say("g")], "g") : "unused") },
  );
  await agent.invoke({ input: "go" });
  expect(events.map(short)).toEqual([
    "agent.started",
    "model.called",
    "model.returned",
    "plan.generated",
    "step.started f",
    "tool.called f",
    "tool.returned f",
    "step.ended f",
    "step.ended s",
    "replanning",
    "model.called",
    "model.returned",
    "plan.generated",
    "step.started g",
    "tool.called g",
    "tool.returned g",
    "step.ended g",
    "agent.completed",
  ]);
  expect(eventsOf("step.ended").map(({ status }) => status)).toEqual(["failed", "skipped", "done"]);
  expect(eventsOf("plan.generated").map(({ version }) => version)).toEqual([1, 2]);
});

test("each event is stamped with its time, turn and thread, and goes to the custom stream alike", async () => {
  const { agent, events } = plannedAgent([say("a")], { tools: [echo] });
  const streamed: unknown[] = [];
  const config = { configurable: { thread_id: "t7" }, streamMode: "custom" as const };
  for await (const event of await agent.stream({ input: "go" }, config)) {
    streamed.push(event);
  }
  expect(streamed).toEqual(events);
  expect(events.length).toBeGreaterThan(4);
  const [first] = events;
  for (const event of events) {
    expect(event.at).toBe(new Date(event.at).toISOString());
    expect(event).toMatchObject({ turnId: first?.turnId, threadId: "t7" });
  }
  expect(first?.turnId).toMatch(/./);
});

test.each([
  [
    "throws",
    () => {
      throw new Error("listener");
    },
  ],
  ["rejects", () => Promise.reject(new Error("listener"))],
  [
    "throws nothing at all",
    () => {
      throw undefined;
    },
  ],
])("a listener that %s never hurts the run", async (_, onEvent) => {
  const { agent } = plannedAgent([say("a")], { tools: [echo], onEvent });
  expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: "the answer" });
});

test("a run that fails says so, and not that it was completed", async () => {
  const { agent, eventsOf } = plannedAgent([], {}, { planner: new TypeError("no model") });
  expect((await agent.invoke({ input: "go" })).status).toBe("failed");
  expect(eventsOf("agent.completed")).toEqual([]);
  expect(eventsOf("agent.failed").map(({ reason }) => reason)).toEqual([
    "The planner's model scripted failed: no model",
  ]);
});
