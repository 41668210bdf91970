import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { steer } from "../../src/index.js";
import { journalTool, plannedAgent } from "../support/agent-run.js";
import { approve, decide, isWaiting, reject, requestOf } from "../support/approval.js";
import { createJournal } from "../support/deferred.js";
import { planCall, type ScriptByRole } from "../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };
const plan = ["ann", "bob"].map((who) => ({
  id: who,
  description: `charge ${who}`,
  tool: "charge",
  args: { who },
  dependsOn: [],
}));

/** A thread whose plan of two charges waits for a person. */
async function waitingPlan(script: ScriptByRole = {}) {
  const journal = createJournal();
  const { agent } = plannedAgent(
    plan,
    { tools: [journalTool(journal)], approval: { plan: true }, checkpointer: new MemorySaver() },
    script,
  );
  const first = await agent.invoke({ input: "go" }, thread);
  expect(isWaiting(first)).toBe(true);
  return { agent, journal, first };
}

const shown = (output: object) => requestOf(output).actionRequests.map(({ args }) => args.plan);

test("a plan waits again after a step of it was left out, and without that step", async () => {
  const { agent, journal, first } = await waitingPlan();
  await steer(agent, "1", { type: "skip", stepId: "ann" });
  const again = await agent.invoke(null, thread);
  expect(shown(again)).toEqual([expect.stringMatching(/^\[bob\] charge /)]);
  expect(requestOf(again).requestId).not.toBe(requestOf(first).requestId);
  expect(journal.entries).toEqual([]);
  expect((await agent.invoke(decide(approve), thread)).status).toBe("done");
  expect(journal.entries).toEqual(["bob"]);
});

test("of a plan that is left out whole nothing waits", async () => {
  const { agent, journal } = await waitingPlan();
  await steer(
    agent,
    "1",
    plan.map(({ id }) => ({ type: "skip", stepId: id })),
  );
  expect((await agent.invoke(null, thread)).status).toBe("done");
  expect(journal.entries).toEqual([]);
});

test("a plan waits again where the replanner, told something, sticks to it", async () => {
  const { agent, journal } = await waitingPlan({ replanner: planCall(plan) });
  await steer(agent, "1", { type: "message", text: "hurry" });
  expect(shown(await agent.invoke(null, thread))).toEqual([
    expect.stringMatching(/charge ann.*\n.*charge bob/),
  ]);
  expect(journal.entries).toEqual([]);
});

test("a plan waits again where it was rejected to the end, and somebody takes the turn up", async () => {
  const { agent, journal } = await waitingPlan();
  for (let times = 0; times < 3; times += 1) {
    await agent.invoke(decide(reject("no")), thread);
  }
  expect((await agent.getState(thread)).values.status).toBe("incomplete");
  await steer(agent, "1", { type: "skip", stepId: "ann" });
  expect(shown(await agent.invoke(null, thread))).toEqual([expect.stringMatching(/^\[bob\] charge /)]);
  expect(journal.entries).toEqual([]);
  await agent.invoke(decide(approve), thread);
  expect(journal.entries).toEqual(["bob"]);
});
