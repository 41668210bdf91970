import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { expect, it } from "vitest";
import { z } from "zod";
import { steer } from "../../src/index.js";
import { plannedAgent } from "../support/agent-run.js";
import { createDeferred, createJournal } from "../support/deferred.js";
import type { ScriptByRole } from "../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };

/** A run with two steps that are in flight until they are let go, and one behind the first of them. */
function setUp(script: ScriptByRole = {}, forEach?: string) {
  const journal = createJournal();
  const gates = new Map(["a", "b"].map((name) => [name, createDeferred()]));
  const work = tool(
    async ({ name }) => {
      journal.add(name);
      await gates.get(name)?.promise;
      return `${name} done`;
    },
    { name: "work", description: "works", schema: z.object({ name: z.string() }) },
  );
  const step = (id: string, dependsOn: string[] = []) => ({
    id,
    description: id,
    tool: "work",
    args: { name: id },
    dependsOn,
  });
  const first = forEach === undefined ? step("a") : { ...step("a"), args: { name: "{{item}}" }, forEach };
  const made = plannedAgent(
    [first, step("b"), step("c", ["a"])],
    { tools: [work], checkpointer: new MemorySaver() },
    { replanner: "what there is", ...script },
  );
  return { ...made, journal, gates };
}

it("is stopped at once and counts as rejected, what runs beside it goes on, and who did it is kept", async () => {
  const { agent, journal, gates, eventsOf } = setUp();
  const run = agent.invoke({ input: "go" }, thread);
  await Promise.all([journal.seen("a"), journal.seen("b")]);
  const cancelled = steer(agent, "1", { type: "cancel", stepId: "a" }, { by: "olga" });
  await expect
    .poll(() => eventsOf("step.ended").map(({ stepId, status }) => [stepId, status]))
    .toEqual([["a", "rejected"]]);
  gates.get("b")?.resolve();
  await cancelled;
  const { pastSteps, status } = await run;
  expect(pastSteps).toMatchObject([
    { id: "a", status: "rejected", error: { code: "REJECTED", message: "A person cancelled it." } },
    { id: "b", status: "done" },
    { id: "c", status: "skipped" },
  ]);
  expect(status).toBe("incomplete");
  const { values } = await agent.getState(thread);
  expect(values.steering).toMatchObject([{ type: "cancel", stepId: "a", by: "olga" }]);
  // The tool may still be at it, and nobody waits for it.
  expect(eventsOf("tool.left-behind")).toMatchObject([{ stepId: "a", tool: "work" }]);
});

it("ends every item of a for-each step, and those that have not begun never do", async () => {
  const { agent, journal, gates } = setUp({}, '["a", "a", "a"]');
  const run = agent.invoke({ input: "go" }, thread);
  await journal.seen("a", 3);
  const cancelled = steer(agent, "1", { type: "cancel", stepId: "a" });
  gates.get("b")?.resolve();
  await cancelled;
  expect((await run).pastSteps[0]).toMatchObject({ id: "a", status: "rejected" });
});

it("may be done again afterwards", async () => {
  const { agent, journal, gates } = setUp();
  const run = agent.invoke({ input: "go" }, thread);
  await journal.seen("a");
  const cancelled = steer(agent, "1", { type: "cancel", stepId: "a" });
  gates.get("b")?.resolve();
  await cancelled;
  await run;
  gates.get("a")?.resolve();
  await steer(agent, "1", { type: "retry", stepId: "a" });
  const { pastSteps } = await agent.invoke(null, thread);
  expect(pastSteps.map(({ id, status }) => [id, status])).toEqual([
    ["b", "done"],
    ["a", "done"],
    ["c", "done"],
  ]);
});

it("is refused of a step that does not run, at once and whether the thread runs or not", async () => {
  const { agent, journal, gates } = setUp();
  const run = agent.invoke({ input: "go" }, thread);
  await journal.seen("b");
  const cancel = () => steer(agent, "1", { type: "cancel", stepId: "c" });
  await expect(cancel()).rejects.toMatchObject({ code: "STEP_NOT_STEERABLE" });
  for (const gate of gates.values()) {
    gate.resolve();
  }
  expect((await run).pastSteps).toHaveLength(3);
  await expect(cancel()).rejects.toMatchObject({ code: "STEP_NOT_STEERABLE" });
});

it("is nothing that an old entry does again", async () => {
  const { agent, journal, gates } = setUp();
  const run = agent.invoke({ input: "go" }, thread);
  await journal.seen("a");
  const cancelled = steer(agent, "1", { type: "cancel", stepId: "a" });
  gates.get("b")?.resolve();
  await cancelled;
  await run;
  const { values } = await agent.getState(thread);
  const again = agent.invoke({ input: "go" }, thread);
  await journal.seen("a", 2);
  const refused = expect(agent.updateState(thread, { steering: values.steering })).rejects;
  gates.get("a")?.resolve();
  await refused.toThrow(/cannot be written/);
  expect((await again).pastSteps[0]).toMatchObject({ id: "a", status: "done" });
});
