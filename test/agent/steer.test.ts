import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { StateUpdateError, type SteerChange, steer } from "../../src/index.js";
import { byId, echo, journalTool, type PlannedAgent, plannedAgent } from "../support/agent-run.js";
import { approve, decide, isWaiting, reject, requestOf } from "../support/approval.js";
import { createJournal, type Journal } from "../support/deferred.js";
import { planCall } from "../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };

/** Charges in order, of which those in `failing` fail until it is emptied. */
function chargingAgent(failing: Set<string>, journal: Journal, extra = {}, script = {}): PlannedAgent {
  const charge = tool(
    ({ who }) => {
      if (failing.has(who)) {
        throw new TypeError(`${who} is out`);
      }
      journal.add(who);
      return `charged ${who}`;
    },
    { name: "charge", description: "charges a card", schema: z.object({ who: z.string() }) },
  );
  const step = (id: string, who: string, dependsOn: string[]) => ({
    id,
    description: `charge ${who}`,
    tool: "charge",
    args: { who },
    dependsOn,
  });
  return plannedAgent(
    [step("a", "ann", []), step("b", "bob", ["a"]), step("c", "cid", ["b"])],
    {
      tools: [charge, echo],
      checkpointer: new MemorySaver(),
      replanner: { maxReplans: 0 },
      ...extra,
    },
    script,
  );
}

async function ended(failing: Set<string>, journal: Journal) {
  const made = chargingAgent(failing, journal);
  const first = await made.agent.invoke({ input: "go" }, thread);
  expect(first.status).toBe("incomplete");
  return made;
}

describe("a turn that ended incomplete", () => {
  it("goes on where a failed step is done again: what was done stays done", async () => {
    const failing = new Set(["bob"]);
    const journal = createJournal();
    const { agent, eventsOf } = await ended(failing, journal);
    failing.clear();
    await steer(agent, "1", { type: "retry", stepId: "b" }, { by: "olga" });
    expect(eventsOf("agent.steered")).toMatchObject([
      { threadId: "1", changes: [{ type: "retry", stepId: "b", by: "olga" }] },
    ]);
    const { status, pastSteps, response } = await agent.invoke(null, thread);
    expect([status, response]).toEqual(["done", "the answer"]);
    expect(journal.entries).toEqual(["ann", "bob", "cid"]);
    expect(pastSteps.map((step) => step.status)).toEqual(["done", "done", "done"]);
    const { values } = await agent.getState(thread);
    expect(values.steering).toMatchObject([
      { type: "retry", stepId: "b", by: "olga", at: expect.any(String) },
    ]);
  });

  it("goes on where a failed step is skipped: what depends on it runs", async () => {
    const journal = createJournal();
    const { agent } = await ended(new Set(["bob"]), journal);
    await steer(agent, "1", { type: "skip", stepId: "b" });
    const { status, pastSteps, outcome } = await agent.invoke(null, thread);
    expect(status).toBe("done");
    expect(outcome?.failed).toEqual([]);
    expect(journal.entries).toEqual(["ann", "cid"]);
    expect(byId(pastSteps).b).toMatchObject({ status: "skipped" });
  });

  it("goes on with another remainder, which mends a failed step in its place", async () => {
    const journal = createJournal();
    const { agent } = await ended(new Set(["bob"]), journal);
    const steps = [
      { id: "b", description: "charge bea", tool: "charge", args: { who: "bea" }, dependsOn: ["a"] },
      { id: "d", description: "charge dan", tool: "charge", args: { who: "dan" }, dependsOn: ["b"] },
    ];
    await steer(agent, "1", { type: "plan", steps });
    const { status, plan } = await agent.invoke(null, thread);
    expect(status).toBe("done");
    expect(journal.entries).toEqual(["ann", "bea", "dan"]);
    expect(plan.map(({ id }) => id)).toEqual(["a", "b", "d"]);
    const { values } = await agent.getState(thread);
    expect(values.planVersions.at(-1)).toMatchObject({ by: "person", resolves: ["b"] });
  });

  it("tells the replanner what a person says, and it may plan beyond maxReplans", async () => {
    const journal = createJournal();
    let told = "";
    const { agent } = chargingAgent(
      new Set(["bob"]),
      journal,
      {},
      {
        replanner: (messages: readonly { text: string }[], _tools: unknown) => {
          told = messages.at(-1)?.text ?? "";
          return told.includes("use dan")
            ? planCall([{ id: "d", description: "charge dan", tool: "charge", args: { who: "dan" } }])
            : "the answer";
        },
      },
    );
    await agent.invoke({ input: "go" }, thread);
    await steer(agent, "1", { type: "message", text: "use dan instead" });
    const { status, messages } = await agent.invoke(null, thread);
    expect(told).not.toBe("");
    expect(journal.entries).toEqual(["ann", "dan"]);
    expect(status).toBe("done");
    expect(messages.filter((message) => message.getType() === "human").map(({ text }) => text)).toEqual([
      "go",
      "use dan instead",
    ]);
  });

  it("asks again for an action whose step is done again: an old decision holds for no new call", async () => {
    const journal = createJournal();
    const { agent } = chargingAgent(new Set(), journal, { approval: { tools: { charge: true } } });
    await agent.invoke({ input: "go" }, thread);
    const rejected = await agent.invoke(decide(reject("no")), thread);
    expect(rejected.status).toBe("incomplete");
    await steer(agent, "1", { type: "retry", stepId: "a" });
    const again = await agent.invoke(null, thread);
    expect(requestOf(again).actionRequests).toMatchObject([{ name: "charge", args: { who: "ann" } }]);
    await agent.invoke(decide(approve), thread);
    expect(journal.entries).toEqual(["ann"]);
    const { values } = await agent.getState(thread);
    expect(
      values.decisions.map(({ type, isVoid = false }: { type: string; isVoid?: boolean }) => [type, isVoid]),
    ).toEqual([
      ["reject", true],
      ["approve", false],
    ]);
  });
});

describe("a turn that waits for a person", () => {
  it("asks anew for what still waits after a change, and not for what was dropped", async () => {
    const journal = createJournal();
    const steps = ["ann", "bob"].map((who) => ({
      id: who,
      description: `charge ${who}`,
      tool: "charge",
      args: { who },
      dependsOn: [],
    }));
    const { agent } = plannedAgent(steps, {
      tools: [journalTool(journal)],
      approval: { tools: { charge: true } },
      checkpointer: new MemorySaver(),
    });
    const first = await agent.invoke({ input: "go" }, thread);
    expect(requestOf(first).actionRequests).toHaveLength(2);
    await steer(agent, "1", { type: "skip", stepId: "bob" });
    const second = await agent.invoke(null, thread);
    expect(requestOf(second).actionRequests).toMatchObject([{ args: { who: "ann" } }]);
    expect(requestOf(second).requestId).not.toBe(requestOf(first).requestId);
    expect((await agent.invoke(decide(approve), thread)).status).toBe("done");
    expect(journal.entries).toEqual(["ann"]);
  });

  it("takes words upon words: those of a person are no new goal", async () => {
    const journal = createJournal();
    const { agent, model } = chargingAgent(
      new Set(),
      journal,
      { approval: { tools: { charge: true } } },
      {
        replanner: (messages: readonly { text: string }[]) => {
          const who = /the name is (\w+)/.exec(messages.at(-1)?.text ?? "")?.[1];
          if (who === undefined) {
            return "the answer";
          }
          return planCall([{ id: who, description: `charge ${who}`, tool: "charge", args: { who } }]);
        },
      },
    );
    await agent.invoke({ input: "go" }, thread);
    await steer(agent, "1", { type: "message", text: "the name is dan" });
    const second = await agent.invoke(null, thread);
    expect(requestOf(second).actionRequests).toMatchObject([{ args: { who: "dan" } }]);
    await steer(agent, "1", { type: "message", text: "the name is eve" });
    const third = await agent.invoke(null, thread);
    expect(requestOf(third).actionRequests).toMatchObject([{ args: { who: "eve" } }]);
    const end = await agent.invoke(decide(approve), thread);
    expect(end.status).toBe("done");
    expect(journal.entries).toEqual(["eve"]);
    expect(model.count("planner")).toBe(1);
    // The very same words in the next turn are a goal of their own.
    await agent.invoke({ messages: [new HumanMessage("the name is eve")] }, thread);
    expect(model.count("planner")).toBe(2);
  });

  it("asks about a plan that is changed in the state: who can write it has approved nothing", async () => {
    const journal = createJournal();
    const { agent } = chargingAgent(new Set(), journal, { approval: { plan: true } });
    expect(isWaiting(await agent.invoke({ input: "go" }, thread))).toBe(true);
    const { values } = await agent.getState(thread);
    await agent.updateState(thread, { plan: values.plan.slice(0, 2) });
    expect(isWaiting(await agent.invoke(null, thread))).toBe(true);
    expect(journal.entries).toEqual([]);
    const end = await agent.invoke(decide(approve), thread);
    expect(end.status).toBe("done");
    expect(journal.entries).toEqual(["ann", "bob"]);
  });

  it.each([
    { type: "skip", stepId: "1" },
    { type: "message", text: "hurry up" },
  ] as const)("asks about the rest of its plan after a change that approves nothing: %j", async (change) => {
    const journal = createJournal();
    const { agent } = chargingAgent(new Set(), journal, { approval: { plan: true } });
    await agent.invoke({ input: "go" }, thread);
    const { values } = await agent.getState(thread);
    const stepId = values.plan[0]?.id ?? "";
    await steer(agent, "1", change.type === "skip" ? { ...change, stepId } : change);
    const output = await agent.invoke(null, thread);
    expect(journal.entries).toEqual([]);
    expect(isWaiting(output) || output.status === "done").toBe(true);
  });
});

describe("what cannot be", () => {
  const refused = async (change: SteerChange | readonly SteerChange[]) => {
    const { agent } = await ended(new Set(["bob"]), createJournal());
    const before = await agent.getState(thread);
    const error: unknown = await steer(agent, "1", change).catch((thrown: unknown) => thrown);
    expect((await agent.getState(thread)).config).toEqual(before.config);
    if (!(error instanceof StateUpdateError)) {
      throw new Error(`not refused: ${String(error)}`);
    }
    return error;
  };

  it("a broken plan is refused with all its issues, and the thread is as it was", async () => {
    const error = await refused({
      type: "plan",
      steps: [
        { id: "x", description: "x", tool: "nothing", args: {}, dependsOn: ["y"] },
        { id: "y", description: "y", tool: "charge", args: {}, dependsOn: ["x"] },
        { id: "a", description: "something else", tool: "charge", args: { who: "zoe" } },
      ],
    });
    expect(error.code).toBe("INVALID_PLAN");
    expect(new Set(error.issues.map(({ code }) => code))).toEqual(
      new Set(["unknown-tool", "cycle", "invalid-args", "id-taken"]),
    );
  });

  it.each<[string, SteerChange, RegExp]>([
    ["a step that is not there", { type: "skip", stepId: "q" }, /no step "q".*a, b, c/],
    ["a step that is done", { type: "skip", stepId: "a" }, /"a" ended done/],
    ["to do again what is done", { type: "retry", stepId: "a" }, /"a" ended done/],
    ["to do again what waits for another", { type: "retry", stepId: "c" }, /"c" ended skipped.*another/],
  ])("%s is refused by name", async (_what, change, message) => {
    const error = await refused(change);
    expect(error.message).toMatch(message);
    expect(error.code).toBe("STEP_NOT_STEERABLE");
  });

  it("of several changes none is made where one cannot be", async () => {
    const error = await refused([
      { type: "skip", stepId: "b" },
      { type: "skip", stepId: "q" },
    ]);
    expect(error.code).toBe("STEP_NOT_STEERABLE");
  });

  it("a thread without a turn has nothing to steer", async () => {
    const { agent } = chargingAgent(new Set(), createJournal());
    const run = steer(agent, "1", { type: "message", text: "hurry" });
    await expect(run).rejects.toMatchObject({ code: "NOTHING_TO_STEER" });
  });

  it("a channel that is not there or closed, or a value that it cannot hold, is refused by name", async () => {
    const { agent } = await ended(new Set(["bob"]), createJournal());
    const write = (values: object): Promise<object> =>
      Reflect.apply(agent.updateState, agent, [thread, values]);
    const update = write({ plans: [], replans: 1, input: 5 });
    await expect(update).rejects.toThrow(
      /input: [\s\S]*plans: there is no such channel[\s\S]*replans: is set by the agent/,
    );
    await expect(write({ steering: [{ type: "skip" }] })).rejects.toThrow(/steering\.0\.stepId: /);
    await expect(update).rejects.toMatchObject({ code: "INVALID_UPDATE" });
  });
});

it("updates are checked on what withConfig makes of the agent too", async () => {
  const { agent } = await ended(new Set(["bob"]), createJournal());
  const configured = agent.withConfig({ tags: ["x"] });
  const update = configured.updateState(thread, { plan: [{ id: "x", description: "x", dependsOn: ["x"] }] });
  await expect(update).rejects.toMatchObject({ code: "INVALID_PLAN" });
});
