import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { planCall, type ScriptByRole, scriptedByRole } from "../../support/scripted-model.js";

const down = Object.assign(new Error("no such key"), { status: 401 });
const direct = { id: "1", tool: "echo", args: { value: "out" } };
const prices = { scripted: { inputPerMillion: 0, outputPerMillion: 0 } };

test.each<[string, unknown, ScriptByRole, ScriptByRole, string]>([
  ["the planner", direct, { planner: down }, { planner: planCall([direct]) }, "planner"],
  [
    "the replanner",
    direct,
    { answer: "<missing>more</missing>", replanner: down },
    { replanner: "the answer" },
    "replanner",
  ],
  ["the closing answer", direct, { answer: down }, { answer: "the answer" }, "answer"],
  ["an agent step", { id: "1", description: "think" }, { agent: down }, { agent: "out" }, "executor"],
  [
    "a call step",
    { id: "1", tool: "echo", description: "say" },
    { call: down },
    { call: [{ name: "echo", args: { value: "out" } }] },
    "executor",
  ],
])("%s goes on with its fallback", async (_, step, script, fallback, role) => {
  const second = scriptedByRole(fallback);
  const { agent, eventsOf } = plannedAgent([step], { tools: [echo], fallbacks: [second], prices }, script);
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "done", pastSteps: [{ status: "done", output: "out" }] });
  expect(second.count()).toBe(1);
  expect(run.usage.failedCalls).toBe(1);
  expect(eventsOf("model.fallback")).toMatchObject([{ role, error: expect.stringContaining("no such key") }]);
});

test("a replanner whose model cannot be made goes on with its fallback, also after a call that only reads failed", async () => {
  const broken = tool(
    () => {
      throw new Error("no network");
    },
    { name: "broken", description: "never works", schema: z.object({}), metadata: { readOnly: true } },
  );
  const second = scriptedByRole({ replanner: planCall([{ ...direct, id: "2" }], "2") });
  const { agent } = plannedAgent([{ id: "1", tool: "broken", args: {} }], {
    tools: [echo, broken],
    replanner: { model: "nobody:x", fallbacks: [second] },
  });
  expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: "out" });
});

test("an agent step that changed its model stays with it, in the middle of its work", async () => {
  const call = [{ name: "echo", args: { value: "x" } }];
  const answers = [call, down];
  const second = scriptedByRole({ agent: (messages) => (messages.length > 4 ? "out" : call) });
  const { agent, model } = plannedAgent(
    [{ id: "1", description: "think" }],
    { tools: [echo], executor: { fallbacks: [second] } },
    { agent: () => answers.shift() ?? new TypeError("The script is over.") },
  );
  const run = await agent.invoke({ input: "go" });
  expect(run.pastSteps).toMatchObject([{ status: "done", output: "out" }]);
  expect([model.count("agent"), second.count("agent")]).toEqual([2, 2]);
});

test("a plan that a model cannot mend goes to the next model, which begins anew", async () => {
  const second = scriptedByRole({ planner: planCall([direct]) });
  const { agent, model } = plannedAgent(
    [],
    { tools: [echo], planner: { fallbacks: [second] } },
    { planner: planCall([{ id: "1", tool: "no such tool", args: {} }]) },
  );
  const run = await agent.invoke({ input: "go" });
  expect(run.plan.map(({ tool }) => tool)).toEqual(["echo"]);
  expect([model.count("planner"), second.count("planner")]).toEqual([3, 1]);
  expect(second.calls[0]?.messages).toHaveLength(model.calls[0]?.messages.length ?? 0);
});

test("where every model fails the run says which and why, and goes on when one is back", async () => {
  const thread = { configurable: { thread_id: "1" } };
  const answers = [down, "Hello."];
  const second = scriptedByRole({ planner: Object.assign(new Error("not found"), { status: 404 }) });
  const { agent } = plannedAgent(
    [],
    { checkpointer: new MemorySaver(), fallbacks: [second] },
    { planner: () => answers.shift() ?? new TypeError("The script is over.") },
  );
  const failed = await agent.invoke({ input: "go" }, thread);
  expect(failed.status).toBe("failed");
  expect(failed.outcome?.reason).toBe(
    "No model gave an answer. The planner's model scripted failed: no such key; " +
      "The planner's model scripted failed: not found.",
  );
  expect(await agent.invoke(null, thread)).toMatchObject({ status: "done", response: "Hello." });
});
