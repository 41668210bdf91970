// approval.tools: "destructive". What waits is decided by what the tools say of themselves.
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { createMiddleware } from "langchain";
import { expect, test } from "vitest";
import { z } from "zod";
import { plannedAgent } from "../../support/agent-run.js";

const thread = { configurable: { thread_id: "1" } };
const made = (name: string, metadata?: Record<string, unknown>) =>
  tool(() => name, { name, description: name, schema: z.object({}), metadata });

const tools = [
  made("plain"),
  made("reads", { readOnly: true }),
  made("adds", { destructive: false }),
  made("removes", { destructive: true }),
  made("named"),
];
const steps = tools.map(({ name }) => ({ id: name, tool: name, args: {}, dependsOn: [] }));
const base = { tools, checkpointer: new MemorySaver(), approval: { tools: "destructive" as const } };

test("all tools wait that do not say that they only read or destroy nothing", async () => {
  const { agent, eventsOf } = plannedAgent(steps, { ...base, executor: { readOnlyTools: ["named"] } });
  const run = await agent.invoke("go", thread);
  expect(eventsOf("approval.asked")[0]?.actions.map(({ name }) => name)).toEqual(["plain", "removes"]);
  expect(run.pastSteps.map(({ id }) => id).sort()).toEqual(["adds", "named", "reads"]);
});

test("so do tools that a middleware brings along", async () => {
  const middleware = createMiddleware({ name: "Brings", tools: [made("brought")] });
  const { agent, eventsOf } = plannedAgent(
    [{ id: "1", description: "Do it", tools: ["reads"] }],
    { ...base, checkpointer: new MemorySaver(), executor: { middleware: [middleware] } },
    { agent: [{ name: "brought", args: {} }] },
  );
  expect((await agent.invoke("go", thread)).status).toBe("waiting");
  expect(eventsOf("approval.asked")[0]?.actions.map(({ name }) => name)).toEqual(["brought"]);
});

test("a context cannot let one of them pass, and may name further tools", async () => {
  const { agent, eventsOf } = plannedAgent(steps, { ...base, checkpointer: new MemorySaver() });
  await agent.invoke("go", { ...thread, context: { approveTools: ["adds"] } });
  const asked = eventsOf("approval.asked")[0]?.actions.map(({ name }) => name);
  expect(asked).toEqual(["plain", "adds", "removes", "named"]);
});
