// A plan that cannot be used is asked for again, but never in the same way as before.
import { AIMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { planCall, scriptedByRole } from "../../support/scripted-model.js";

const direct = { id: "1", tool: "echo", args: { value: "out" } };
const unknown = (name: string) => planCall([{ id: "1", tool: name, args: {} }]);
const toJsonBlock = (steps: readonly unknown[]) => `\`\`\`json\n${JSON.stringify({ steps })}\n\`\`\``;

test("a plan that comes a second time is asked for by another method, and the run goes on with that", async () => {
  const { agent, model } = plannedAgent(
    [],
    { tools: [echo] },
    {
      planner: (_, tools) => (tools.includes("plan") ? unknown("nothing") : toJsonBlock([direct])),
      answer: "It is out.",
    },
  );
  const { status, response, pastSteps } = await agent.invoke({ input: "go" });
  expect({ status, response }).toEqual({ status: "done", response: "It is out." });
  expect(pastSteps).toMatchObject([{ tool: "echo", status: "done", output: "out" }]);
  const asked = model.calls.filter(({ role }) => role === "planner");
  expect(asked.map(({ tools }) => tools)).toEqual([["plan"], ["plan"], []]);
  const { messages = [], prompt } = asked[2] ?? {};
  expect(prompt).toContain('there is no tool "nothing"');
  expect(messages.every((message) => !AIMessage.isInstance(message) || !message.tool_calls?.length)).toBe(
    true,
  );
});

test("no two requests for a plan are the same", async () => {
  const { agent, model } = plannedAgent(
    [],
    { tools: [echo] },
    { planner: unknown("nothing"), agent: "done by an agent", answer: "It is done." },
  );
  const { plan } = await agent.invoke({ input: "go" });
  expect(plan.map(({ tool }) => tool)).toEqual([undefined]);
  const prompts = model.calls.filter(({ role }) => role === "planner").map(({ prompt }) => prompt);
  expect(prompts).toHaveLength(3);
  expect(new Set(prompts).size).toBe(3);
});

test.each(["tool", "text"] as const)(
  "where the method is set to %s, a plan that comes again ends the asking at once",
  async (method) => {
    const { agent, model, eventsOf } = plannedAgent(
      [],
      { tools: [echo], planner: { method } },
      { planner: unknown("nothing"), agent: "done by an agent", answer: "It is done." },
    );
    const { plan, status } = await agent.invoke({ input: "go" });
    expect([status, plan.map(({ description }) => description)]).toEqual(["done", ["go"]]);
    expect(model.count("planner")).toBe(2);
    expect(eventsOf("plan.invalid")).toHaveLength(2);
  },
);

test("plans that differ are mended in one conversation, twice at most", async () => {
  let tries = 0;
  const { agent, model } = plannedAgent(
    [],
    { tools: [echo] },
    { planner: () => unknown(`nothing${++tries}`), agent: "done by an agent", answer: "It is done." },
  );
  await agent.invoke({ input: "go" });
  const asked = model.calls.filter(({ role }) => role === "planner");
  expect(asked.map(({ tools, messages }) => [tools.length, messages.length])).toEqual([
    [1, 2],
    [1, 4],
    [1, 6],
  ]);
});

test("the next model begins with its own best method", async () => {
  const second = scriptedByRole({ planner: planCall([direct]) });
  const { agent } = plannedAgent(
    [],
    { tools: [echo], planner: { fallbacks: [second] } },
    { planner: unknown("nothing") },
  );
  expect((await agent.invoke({ input: "go" })).pastSteps).toMatchObject([{ status: "done" }]);
  expect(second.calls.map(({ tools }) => tools)).toEqual([["plan"]]);
});

test("JSON that does not close is no answer in words", async () => {
  const answers = ['{"steps": [{"tool": "ec', "```json\n{\n  ", planCall([direct])];
  const { agent, eventsOf } = plannedAgent(
    [],
    { tools: [echo] },
    { planner: () => answers.shift() ?? "", answer: "It is out." },
  );
  expect((await agent.invoke({ input: "go" })).response).toBe("It is out.");
  expect(eventsOf("plan.invalid").map(({ issues }) => issues.join())).toEqual([
    expect.stringContaining("does not close"),
    expect.stringContaining("does not close"),
  ]);
});
