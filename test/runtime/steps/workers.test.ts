// Steps that other agents do: what they are told and give, what they ask, and that two of them do not mix.
import {
  Annotation,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  MessagesZodState,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, test, vi } from "vitest";
import { createPlanExecuteAgent, type PlanExecuteOptions } from "../../../src/agent/index.js";
import { steer } from "../../../src/index.js";
import { byId, chargingAgent, echo, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, edit, reject, requestOf } from "../../support/approval.js";
import { createDeferred, createJournal } from "../../support/deferred.js";
import { expectNone } from "../../support/no-trouble.js";
import { planCall, scriptedByRole } from "../../support/scripted-model.js";
import { chargingWorker, talkingWorker, workerStep } from "../../support/worker-agents.js";

expectNone("unhandledRejection", "warning");

const thread = { configurable: { thread_id: "1" } };
const noReplan = { replanner: { maxReplans: 0 } } as const;

/** An agent whose plan is one step for a worker. */
function oneWorker(
  agent: NonNullable<PlanExecuteOptions["workers"]>[string]["agent"],
  options: PlanExecuteOptions = {},
) {
  const { model: _model, ...others } = options;
  return plannedAgent([workerStep("1", "helper", "charge Ann")], {
    ...noReplan,
    checkpointer: new MemorySaver(),
    workers: { helper: { description: "helps", agent } },
    ...others,
  });
}

/** A graph whose only node does this. */
function graphOf(node: () => unknown, options: Parameters<ReturnType<typeof draft>["compile"]>[0] = {}) {
  return draft(node).compile(options);
}

function draft(node: () => unknown) {
  const said = async () => ({ messages: [{ role: "ai", content: String(await node()) }] });
  return new StateGraph(MessagesZodState).addNode("node", said).addEdge(START, "node");
}

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

describe("what a worker gives", () => {
  test("is its structured response, where it has one", async () => {
    const state = Annotation.Root({ ...MessagesAnnotation.spec, structuredResponse: Annotation<object> });
    const graph = new StateGraph(state)
      .addNode("node", () => ({
        messages: [{ role: "ai", content: "see there" }],
        structuredResponse: { found: 2 },
      }))
      .addEdge(START, "node")
      .compile();
    const { pastSteps } = await oneWorker(graph).agent.invoke({ input: "go" }, thread);
    expect(pastSteps).toMatchObject([{ status: "done", output: { found: 2 } }]);
  });

  test("is a failure if it fails, says nothing of its own, or no longer exists", async () => {
    const failing = graphOf(() => Promise.reject(new Error("no network")));
    const silent = new StateGraph(MessagesZodState)
      .addNode("node", () => ({}))
      .addEdge(START, "node")
      .compile();
    const { agent } = plannedAgent([workerStep("1", "failing"), workerStep("2", "silent")], {
      ...noReplan,
      workers: {
        failing: { description: "fails", agent: failing },
        silent: { description: "says nothing", agent: silent },
      },
    });
    const { pastSteps, status } = await agent.invoke({ input: "go" });
    expect(status).toBe("incomplete");
    expect(pastSteps.map(({ error }) => error?.message)).toEqual([
      'The worker "failing" failed: no network',
      'The worker "silent" ended without an answer: its last message is not its own.',
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

  test("anything else with interrupt is asked as a question, and gets the answer as it is", async () => {
    const seen: unknown[] = [];
    const asker = graphOf(() => {
      seen.push(interrupt({ which: "colour?" }), interrupt("size?"));
      return seen.at(-2);
    });
    const { agent } = oneWorker(asker);
    const first = requestOf(await agent.invoke({ input: "go" }, thread));
    expect(first.actionRequests).toMatchObject([
      { name: "helper", args: { question: { which: "colour?" } } },
    ]);
    const second = requestOf(await agent.invoke(answer("blue"), thread));
    expect(second.actionRequests).toMatchObject([{ args: { question: "size?" } }]);
    expect(second.actionRequests[0]?.actionId).not.toBe(first.actionRequests[0]?.actionId);
    const { pastSteps } = await agent.invoke(answer({ cm: 3 }), thread);
    expect(pastSteps).toMatchObject([{ status: "done", output: "blue" }]);
    expect(seen).toEqual(["blue", { cm: 3 }]);
  });

  test("the same twice is asked twice", async () => {
    const asker = graphOf(() => `${interrupt("sure?")} and ${interrupt("sure?")}`);
    const { agent } = oneWorker(asker);
    await agent.invoke({ input: "go" }, thread);
    requestOf(await agent.invoke(answer("yes"), thread));
    const { pastSteps } = await agent.invoke(answer("no"), thread);
    expect(pastSteps).toMatchObject([{ output: "yes and no" }]);
  });

  test("several calls of one answer are decided one by one", async () => {
    const worker = chargingWorker(createJournal(), (messages) => {
      const told = messages.filter((message) => message.getType() === "tool").map(({ text }) => text);
      return told.length > 0
        ? told.join("; ")
        : ["Ann", "Bob", "Cleo"].map((who) => ({ name: "charge", args: { who } }));
    });
    const { agent } = oneWorker(worker.agent);
    const waiting = requestOf(await agent.invoke({ input: "go" }, thread));
    expect(waiting.actionRequests.map(({ args }) => args.who)).toEqual(["Ann", "Bob", "Cleo"]);
    await agent.invoke(decide(approve, edit("charge", { who: "Dan" }), approve), thread);
    expect([...worker.journal.entries].sort()).toEqual(["Ann", "Cleo", "Dan"]);
  });

  test("takes no edit to another tool, and no decision that it does not allow", async () => {
    const { agent: charger, journal } = chargingWorker();
    const { agent } = oneWorker(charger, { tools: [echo] });
    await agent.invoke({ input: "go" }, thread);
    const refused = requestOf(await agent.invoke(decide(edit("echo", { value: 1 })), thread));
    expect(refused.error).toContain('editedAction: { name: "charge", args }');
    expect(requestOf(await agent.invoke(answer("yes, do"), thread)).error).toBeDefined();
    expect(journal.entries).toEqual([]);
    expect((await agent.invoke(decide(approve), thread)).status).toBe("done");
  });

  test("cannot ask where nothing is kept, and the step says what to do", async () => {
    const { agent: charger, journal } = chargingWorker();
    for (const checkpointer of [undefined, new MemorySaver()]) {
      const given =
        checkpointer === undefined ? charger : graphOf(() => interrupt("?"), { checkpointer: false });
      const { agent } = oneWorker(given, { checkpointer });
      const { pastSteps } = await agent.invoke({ input: "go" }, thread);
      expect(pastSteps[0]?.error?.message).toContain("Give the agent a checkpointer");
    }
    const kept = graphOf(() => interrupt("?"), { checkpointer: new MemorySaver() });
    const { pastSteps } = await oneWorker(kept, { checkpointer: undefined }).agent.invoke({ input: "go" });
    expect(pastSteps[0]?.error?.message).toContain("Give the agent a checkpointer");
    expect(journal.entries).toEqual([]);
  });

  test("cannot stop at a breakpoint, which asks nothing", async () => {
    const { agent } = oneWorker(graphOf(() => "said", { interruptBefore: ["node"] }));
    const { pastSteps } = await agent.invoke({ input: "go" }, thread);
    expect(pastSteps[0]?.error?.message).toContain('stopped before "node" without a question');
  });

  test("begins anew in a fork in which people answer otherwise", async () => {
    const { agent: charger, journal } = chargingWorker();
    const { agent } = oneWorker(charger);
    await agent.invoke({ input: "go" }, thread);
    const { config } = await agent.getState(thread);
    expect((await agent.invoke(decide(approve), thread)).pastSteps).toMatchObject([
      { output: "told: charged Ann" },
    ]);
    const again = requestOf(await agent.invoke(decide(reject("never")), config));
    expect(again.actionRequests).toMatchObject([{ name: "charge", args: { who: "Ann" } }]);
    const forked = await agent.invoke(decide(reject("never")), thread);
    expect(forked.pastSteps).toMatchObject([{ output: expect.stringContaining("never") }]);
    expect(journal.entries).toEqual(["Ann"]);
  });
});

describe("an agent of ours as a worker", () => {
  test("plans, asks about its plan and its calls, and its answer is the output", async () => {
    const inner = chargingAgent(
      [{ id: "1", tool: "charge", args: { who: "Ann" } }],
      { checkpointer: undefined, approval: { plan: true, tools: { charge: true } } },
      { replanner: "Ann was charged" },
    );
    const { agent, eventsOf } = oneWorker(inner.agent);
    const plan = requestOf(await agent.invoke({ input: "go" }, thread));
    expect(plan.actionRequests).toMatchObject([
      { name: "plan", stepId: "1", args: { plan: expect.stringContaining("charge") } },
    ]);
    const call = requestOf(await agent.invoke(decide(approve), thread));
    expect(call.actionRequests).toMatchObject([{ name: "charge", args: { who: "Ann" } }]);
    expect(inner.journal.entries).toEqual([]);
    const done = await agent.invoke(decide(edit("charge", { who: "Bob" })), thread);
    expect(done.pastSteps).toMatchObject([{ status: "done", output: "Ann was charged" }]);
    expect(inner.journal.entries).toEqual(["Bob"]);
    expect(inner.model.count("planner")).toBe(1);
    const told = eventsOf("worker.event").map(({ stepId, worker, event }) => [
      stepId,
      worker,
      Object(event).type,
    ]);
    expect(told).toContainEqual(["1", "helper", "plan.generated"]);
    expect(told).toContainEqual(["1", "helper", "tool.called"]);
    expect(told.every(([stepId]) => stepId === "1")).toBe(true);
  });

  test("that does not reach its goal makes a failed step, which says why", async () => {
    const inner = plannedAgent(
      [{ id: "1", tool: "none", args: {} }],
      { ...noReplan },
      { planner: () => new Error("down") },
    );
    const { agent } = oneWorker(inner.agent, { executor: { retry: { baseMs: 0, maxMs: 0 } } });
    const { pastSteps } = await agent.invoke({ input: "go" }, thread);
    expect(pastSteps).toMatchObject([
      { status: "failed", error: { message: expect.stringMatching(/"helper" ended \w+: /) } },
    ]);
  });

  test("may have workers of its own, but not without end", async () => {
    let agent = createPlanExecuteAgent({ model: scriptedByRole({ planner: "deep inside" }) });
    for (let depth = 0; depth < 5; depth++) {
      const model = scriptedByRole({ planner: planCall([workerStep("1", "next")]), replanner: "told" });
      const workers = { next: { description: "goes deeper", agent } };
      agent = createPlanExecuteAgent({ model, workers, ...noReplan });
    }
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps[0]?.error?.message).toContain("3 deep");
  });
});

describe("a worker is held to the run", () => {
  test("its model calls count within the limits, and no further one is made", async () => {
    const { model, tools } = chargingWorker(createJournal(), (_messages, _tools, call) => [
      { name: "charge", args: { who: String(call) } },
    ]);
    const busy = createAgent({ model, tools });
    const { agent } = oneWorker(busy, { limits: { maxModelCalls: 4 } });
    const printed = vi.spyOn(console, "error");
    const { outcome, usage, status } = await agent.invoke({ input: "go" }, thread);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
    expect({ status, reason: outcome?.reason }).toMatchObject({
      status: "incomplete",
      reason: expect.stringContaining("maxModelCalls"),
    });
    expect(model.count()).toBe(3);
    expect(usage).toMatchObject({ calls: 4, byStep: { 1: { calls: 3 } } });
  });

  test("its dollars count, those of an agent of ours too", async () => {
    const price = { inputPerMillion: 1_000_000, outputPerMillion: 0 };
    // LangChain tells the class of a model that says nothing of its name.
    const prices = { scripted: price, ScriptedModel: price };
    const inner = plannedAgent([{ id: "1", description: "think" }], {}, { agent: "thought" });
    const { agent } = oneWorker(inner.agent, { prices, limits: { maxCostUsd: 100_000 } });
    const { usage } = await agent.invoke({ input: "go" }, thread);
    expect(inner.model.count()).toBe(3);
    expect(usage.byStep["1"]).toMatchObject({ calls: 3, costUsd: 30 });
  });

  test("it is cancelled with its step, and what runs beside it goes on", async () => {
    const journal = createJournal();
    const gate = createDeferred();
    let signal: AbortSignal | undefined;
    const { agent: hanging } = talkingWorker(async (_messages, _tools, _call, given) => {
      signal = given;
      journal.add("asked");
      await gate.promise;
      return "late";
    });
    const { agent: quick } = talkingWorker(() => "quick");
    const { agent } = plannedAgent([workerStep("a", "slow"), workerStep("b", "quick")], {
      ...noReplan,
      checkpointer: new MemorySaver(),
      workers: {
        slow: { description: "slow", agent: hanging },
        quick: { description: "quick", agent: quick },
      },
    });
    const run = agent.invoke({ input: "go" }, thread);
    await journal.seen("asked");
    await steer(agent, "1", { type: "cancel", stepId: "a" });
    const { pastSteps } = await run;
    expect(byId(pastSteps)).toMatchObject({
      a: { status: "rejected" },
      b: { status: "done", output: "quick" },
    });
    expect(signal?.aborted).toBe(true);
    gate.resolve();
  });

  test("it ends with the caller's abort, and goes on from its own checkpoints when the run does", async () => {
    const journal = createJournal();
    const gate = createDeferred();
    const controller = new AbortController();
    const worker = chargingWorker(journal, async (messages) => {
      if (messages.at(-1)?.getType() !== "tool") {
        return [{ name: "charge", args: { who: "Ann" } }];
      }
      if (!controller.signal.aborted) {
        journal.add("told");
        await gate.promise;
      }
      return "done";
    });
    const { agent } = oneWorker(createAgent({ model: worker.model, tools: worker.tools }));
    const run = agent.invoke({ input: "go" }, { ...thread, signal: controller.signal });
    await journal.seen("told");
    controller.abort(new Error("enough"));
    await expect(run).rejects.toThrow("enough");
    gate.resolve();
    const { pastSteps } = await agent.invoke(null, thread);
    expect(pastSteps).toMatchObject([{ status: "done", output: "done" }]);
    expect(journal.count("Ann")).toBe(1);
    expect(worker.model.count()).toBe(3);
  });
});

test("a for-each step gives each item to a worker of its own", async () => {
  const { agent: charger, journal } = chargingWorker();
  const step = { ...workerStep("1", "till", "charge {{item}}"), forEach: '["Ann","Bob"]' };
  const { agent } = plannedAgent([step], {
    ...noReplan,
    checkpointer: new MemorySaver(),
    workers: { till: { description: "charges", agent: charger } },
  });
  const waiting = requestOf(await agent.invoke({ input: "go" }, thread));
  expect(waiting.actionRequests.map(({ stepId }) => stepId)).toEqual(["1[0]", "1[1]"]);
  const { pastSteps } = await agent.invoke(decide(reject("no"), approve), thread);
  expect(pastSteps).toMatchObject([{ status: "done", output: ["told: no", "told: charged Bob"] }]);
  expect(journal.entries).toEqual(["Bob"]);
});

test("nothing of a worker reaches the run's own conversation", async () => {
  const { agent: charger } = chargingWorker();
  const { agent } = oneWorker(charger);
  const shown: unknown[] = [];
  const stream = await agent.stream(
    { input: "go" },
    { ...thread, streamMode: ["messages", "values"], subgraphs: true },
  );
  for await (const chunk of stream) {
    shown.push(chunk);
  }
  expect(JSON.stringify(shown)).not.toContain("told: charged");
  const { values } = await agent.getState(thread);
  expect(values.messages.some(({ text }) => text.startsWith("charge Ann"))).toBe(false);
});
