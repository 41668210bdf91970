import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { byId, echo, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, edit, reject, requestOf } from "../../support/approval.js";
import { chargingWorker, talkingWorker, workerStep } from "../../support/worker-agents.js";

const thread = { configurable: { thread_id: "1" } };
const noReplan = { replanner: { maxReplans: 0 } } as const;

describe("a step that a worker does", () => {
  test("is told the task and the outputs that it depends on, and gives the worker's last words", async () => {
    const { agent: talker, model } = talkingWorker(() => '{"found":3}');
    const steps = [
      { id: "1", tool: "echo", args: { value: "the Baltic" } },
      workerStep("2", "researcher", "Find harbours of {{1}}"),
    ];
    const { agent, eventsOf } = plannedAgent(steps, {
      ...noReplan,
      tools: [echo],
      workers: { researcher: { description: "finds things", agent: talker } },
    });
    const { pastSteps, status, usage } = await agent.invoke({ input: "plan a journey" });
    expect(status).toBe("done");
    expect(byId(pastSteps)["2"]).toMatchObject({ status: "done", output: { found: 3 } });
    expect(model.calls.map(({ prompt }) => prompt)).toEqual([expect.stringContaining("Find harbours of")]);
    expect(model.calls[0]?.prompt).toContain("the Baltic");
    expect(model.calls[0]?.prompt).not.toContain("plan a journey");
    expect(usage.byStep["2"]).toMatchObject({ calls: 1, inputTokens: 10, outputTokens: 5 });
    expect(eventsOf("step.started").find(({ stepId }) => stepId === "2")).toMatchObject({
      worker: "researcher",
    });
    expect(eventsOf("step.token").map(({ stepId, token }) => [stepId, token])).toContainEqual([
      "2",
      '{"found":3}',
    ]);
  });
});

describe("a worker that asks", () => {
  test("waits with its call in our request, and goes on where it stopped with the answer", async () => {
    const { agent: charger, model, journal } = chargingWorker();
    const { agent } = plannedAgent([workerStep("1", "till", "charge Ann")], {
      ...noReplan,
      workers: { till: { description: "charges cards", agent: charger } },
      checkpointer: new MemorySaver(),
    });
    const waiting = await agent.invoke({ input: "go" }, thread);
    expect(requestOf(waiting).actionRequests).toMatchObject([
      {
        name: "charge",
        args: { who: "Ann" },
        stepId: "1",
        description: expect.stringContaining("The worker till asks"),
      },
    ]);
    expect(journal.entries).toEqual([]);
    const done = await agent.invoke(decide(approve), thread);
    expect(done).toMatchObject({ status: "done", pastSteps: [{ output: "told: charged Ann" }] });
    expect(journal.entries).toEqual(["Ann"]);
    expect(model.count()).toBe(2);
  });

  test("two at once each get their own answer", async () => {
    const one = chargingWorker();
    const two = chargingWorker(one.journal);
    const { agent } = plannedAgent(
      [workerStep("a", "one", "charge Ann"), workerStep("b", "two", "charge Bob")],
      {
        ...noReplan,
        workers: {
          one: { description: "one", agent: one.agent },
          two: { description: "two", agent: two.agent },
        },
        checkpointer: new MemorySaver(),
      },
    );
    const waiting = await agent.invoke({ input: "go" }, thread);
    expect(requestOf(waiting).actionRequests.map(({ args, stepId }) => [stepId, args.who])).toEqual([
      ["a", "Ann"],
      ["b", "Bob"],
    ]);
    const done = await agent.invoke(decide(reject("not Ann"), edit("charge", { who: "Cleo" })), thread);
    expect(one.journal.entries).toEqual(["Cleo"]);
    expect(byId(done.pastSteps)).toMatchObject({
      a: { output: expect.stringContaining("not Ann") },
      b: { output: "told: charged Cleo" },
    });
  });

  test("one agent may do two steps at once", async () => {
    const { agent: charger, journal } = chargingWorker();
    const { agent } = plannedAgent(
      [workerStep("a", "till", "charge Ann"), workerStep("b", "till", "charge Bob")],
      {
        ...noReplan,
        workers: { till: { description: "charges", agent: charger } },
        checkpointer: new MemorySaver(),
      },
    );
    await agent.invoke({ input: "go" }, thread);
    const done = await agent.invoke(decide(reject("no"), approve), thread);
    expect(journal.entries).toEqual(["Bob"]);
    expect(byId(done.pastSteps)).toMatchObject({ b: { output: "told: charged Bob" } });
  });
});
