import { tool } from "@langchain/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";
import { type AgentEvent, withEventListener } from "../../src/events/index.js";
import { echo, plannedAgent } from "../support/agent-run.js";

test("a listener in an invocation's config gets that invocation's events, and no other's", async () => {
  const steps = [{ id: "a", tool: "echo", args: { value: "a" } }];
  const inner = plannedAgent(steps, { tools: [echo] });
  const ask = tool(async () => (await inner.agent.invoke({ input: "inner" })).response, {
    name: "ask",
    description: "asks another agent",
    schema: z.object({}),
  });
  const { agent, events } = plannedAgent([{ id: "b", tool: "ask", args: {} }], { tools: [ask] });
  const got: AgentEvent[] = [];
  await agent.invoke(
    { input: "go" },
    withEventListener({}, (event) => got.push(event)),
  );
  expect(got).toEqual(events);
  expect(inner.events.at(-1)?.type).toBe("agent.completed");

  await agent.invoke({ input: "again" });
  expect(got).toHaveLength(events.length / 2);
});
