import { tool } from "@langchain/core/tools";
import { END, InMemoryStore, MemorySaver, MessagesZodMeta, START, StateGraph } from "@langchain/langgraph";
import { registry } from "@langchain/langgraph/zod";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { journalTool, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, isWaiting, reject } from "../../support/approval.js";
import { createDeferred, createJournal } from "../../support/deferred.js";

const steps = [
  { id: "a", description: "a", tool: "work", args: { name: "a" }, dependsOn: [] },
  { id: "b", description: "b", tool: "work", args: { name: "b" }, dependsOn: ["a"] },
  {
    id: "each",
    description: "each",
    tool: "work",
    args: { name: "{{item}}" },
    forEach: "{{list}}",
    dependsOn: [],
  },
  { id: "list", description: "list", tool: "list", args: {}, dependsOn: [] },
  { id: "slow", description: "slow", tool: "work", args: { name: "slow" }, dependsOn: ["b", "each"] },
  { id: "z", description: "z", tool: "work", args: { name: "z after {{slow}}" }, dependsOn: ["slow"] },
];

/** A world whose tool "slow" hangs until it is let go. */
function createWorld(items: readonly string[] = ["x", "y"]) {
  const journal = createJournal();
  const slow = createDeferred();
  let hangs = true;
  const work = tool(
    async ({ name }) => {
      journal.add(name);
      if (name === "slow" && hangs) {
        await slow.promise;
      }
      return `${name} done`;
    },
    { name: "work", description: "works", schema: z.object({ name: z.string() }) },
  );
  const list = tool(
    () => {
      journal.add("list");
      return items;
    },
    { name: "list", description: "lists", schema: z.object({}) },
  );
  const letGo = () => {
    hangs = false;
    slow.resolve();
  };
  return { journal, letGo, tools: [work, list] };
}

const parentState = z.object({
  messages: z.array(z.any()).register(registry, { ...MessagesZodMeta }),
  input: z.string(),
  response: z.string().optional(),
});
const thread = { configurable: { thread_id: "1" }, durability: "sync" as const };
const finished = ["a", "b", "list", "x", "y"];

describe.each([
  { place: "as a node of another graph", isNode: true },
  { place: "invoked inside a node of another graph", isNode: false },
])("$place", ({ isNode }) => {
  it("what is finished in a superstep that was cut off runs once, without a store", async () => {
    const { tools, journal, letGo } = createWorld();
    const { agent, model } = plannedAgent(steps, { tools }, { replanner: "the answer" });
    const node = isNode
      ? agent
      : async ({ input }: z.infer<typeof parentState>, config: object) => {
          const { response } = await agent.invoke({ input }, config);
          return { response };
        };
    const parent = new StateGraph(parentState)
      .addNode("inner", node)
      .addEdge(START, "inner")
      .addEdge("inner", END)
      .compile({ checkpointer: new MemorySaver() });
    const abort = new AbortController();
    const first = parent.invoke({ input: "go", messages: [] }, { ...thread, signal: abort.signal });
    await journal.seen("slow");
    abort.abort();
    await expect(first).rejects.toThrow();
    letGo();
    const end = await parent.invoke(null, thread);
    expect(end.response).toBe("the answer");
    for (const name of finished) {
      expect([name, journal.count(name)]).toEqual([name, 1]);
    }
    expect(journal.count("slow")).toBe(2);
    expect(journal.count("z after slow done")).toBe(1);
    expect(model.count("planner")).toBe(1);
  });
});

describe("of its own, with a store", () => {
  /** Runs until "slow" is in flight, and is cut off there. */
  const cutOff = async ({ items, concurrency }: { items?: readonly string[]; concurrency?: number } = {}) => {
    const world = createWorld(items);
    const made = plannedAgent(steps, {
      tools: world.tools,
      executor: { concurrency },
      checkpointer: new MemorySaver(),
      store: new InMemoryStore(),
    });
    const abort = new AbortController();
    const first = made.agent.invoke({ input: "go" }, { ...thread, signal: abort.signal });
    await world.journal.seen("slow");
    abort.abort();
    await expect(first).rejects.toThrow();
    world.letGo();
    return { ...world, ...made };
  };
  const expectOnce = (journal: ReturnType<typeof createJournal>) => {
    for (const name of finished) {
      expect([name, journal.count(name)]).toEqual([name, 1]);
    }
  };

  it("what is finished in a superstep that was cut off is found again after an updateState", async () => {
    const { agent, journal } = await cutOff();
    await agent.updateState(thread, { messages: [] });
    const end = await agent.invoke(null, thread);
    expect(end.status).toBe("done");
    expectOnce(journal);
  });

  it("a fork from before the executor runs nothing again that is finished", async () => {
    const { agent, journal, model } = await cutOff();
    await agent.invoke(null, thread);
    const before = [];
    for await (const state of agent.getStateHistory(thread)) {
      if (state.next.includes("executor")) {
        before.push(state);
      }
    }
    const end = await agent.invoke(null, before.at(-1)?.config ?? {});
    expect(end.status).toBe("done");
    expectOnce(journal);
    expect(journal.count("z after slow done")).toBe(1);
    expect(model.count("planner")).toBe(1);
  });

  it("items that were finished when their for-each step was cut off are found again", async () => {
    const { agent, journal } = await cutOff({ items: ["x", "y", "slow"], concurrency: 1 });
    const end = await agent.invoke(null, thread);
    expect(end.status).toBe("done");
    for (const name of ["x", "y"]) {
      expect([name, journal.count(name)]).toEqual([name, 1]);
    }
  });

  it("usage counts what a step that is found again used when it ran", async () => {
    const { agent, model } = plannedAgent(
      [{ id: "think", description: "think", dependsOn: [] }],
      { checkpointer: new MemorySaver(), store: new InMemoryStore() },
      { agent: "a thought" },
    );
    const first = await agent.invoke({ input: "go" }, thread);
    const before = [];
    for await (const state of agent.getStateHistory(thread)) {
      if (state.next.includes("executor")) {
        before.push(state);
      }
    }
    const second = await agent.invoke(null, before.at(-1)?.config ?? {});
    expect(model.count("agent")).toBe(1);
    expect(second.usage.byStep).toEqual(first.usage.byStep);
  });

  it("another decision on an action is another part: what was approved is not the answer to a rejection", async () => {
    const journal = createJournal();
    const { agent } = plannedAgent(
      [{ id: "pay", description: "pay", tool: "charge", args: { who: "ann" }, dependsOn: [] }],
      {
        tools: [journalTool(journal)],
        approval: { tools: { charge: true } },
        checkpointer: new MemorySaver(),
        store: new InMemoryStore(),
        replanner: { maxReplans: 0 },
      },
    );
    const waits = await agent.invoke({ input: "go" }, thread);
    expect(isWaiting(waits)).toBe(true);
    const { config } = await agent.getState(thread);
    await agent.invoke(decide(approve), thread);
    expect(journal.entries).toEqual(["ann"]);
    const forkAndAnswer = async (decision: unknown) => {
      const fork = await agent.updateState(config, { messages: [] }, "executor");
      await agent.invoke(null, fork);
      return agent.invoke(decide(decision), thread);
    };
    expect((await forkAndAnswer(approve)).pastSteps[0]?.status).toBe("done");
    expect(journal.entries).toEqual(["ann"]);
    expect((await forkAndAnswer(reject("no"))).pastSteps[0]?.status).toBe("rejected");
    expect(journal.entries).toEqual(["ann"]);
  });

  it("a store that fails for a moment is asked again, so that what is done is found", async () => {
    const world = createWorld();
    world.letGo();
    const store = new InMemoryStore();
    const batch = store.batch.bind(store);
    let failures = 0;
    store.batch = (operations) => {
      if (failures % 3 < 2) {
        failures += 1;
        return Promise.reject(new Error("the connection was cut"));
      }
      failures += 1;
      return batch(operations);
    };
    const checkpointer = new MemorySaver();
    const { agent, eventsOf } = plannedAgent(steps, { tools: world.tools, checkpointer, store });
    await agent.invoke({ input: "go" }, thread);
    const before = [];
    for await (const state of agent.getStateHistory(thread)) {
      if (state.next.includes("executor")) {
        before.push(state);
      }
    }
    await agent.invoke(null, before.at(-1)?.config ?? {});
    expectOnce(world.journal);
    expect(eventsOf("journal.failed")).toEqual([]);
  });

  it("a store that fails costs the run nothing but an event", async () => {
    const { tools, letGo } = createWorld();
    letGo();
    const store = new InMemoryStore();
    store.batch = () => Promise.reject(new Error("the store is down"));
    const { agent, eventsOf } = plannedAgent(steps, { tools, checkpointer: new MemorySaver(), store });
    const end = await agent.invoke({ input: "go" }, thread);
    expect(end.status).toBe("done");
    expect(eventsOf("journal.failed")[0]?.message).toMatch(/the store is down/);
  });
});
