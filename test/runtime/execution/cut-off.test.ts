import { END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { journalTool, plannedAgent } from "../../support/agent-run.js";
import { approve, decide } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";
import { planCall, type Script, type ScriptedAnswer } from "../../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };
const steps = [{ id: "think", description: "think", dependsOn: [] }];

/** Answers for three roles, of which one is cut off in its first call. */
function setUp(cutOff?: "planner" | "agent" | "replanner") {
  const abort = new AbortController();
  const cut = (role: string, answer: ScriptedAnswer): Script => {
    let calls = 0;
    return () => {
      calls += 1;
      if (role !== cutOff || calls > 1) {
        return answer;
      }
      abort.abort();
      return new Promise<never>(() => {});
    };
  };
  const made = plannedAgent(
    steps,
    { checkpointer: new MemorySaver() },
    {
      planner: cut("planner", planCall(steps)),
      agent: cut("agent", "a thought"),
      replanner: cut("replanner", "the answer"),
    },
  );
  return { ...made, signal: abort.signal };
}

describe("usage", () => {
  it.each(["planner", "agent", "replanner"] as const)(
    "says after a cut in the %s's call that at least so much was billed, and once",
    async (role) => {
      const { agent, signal } = setUp(role);
      await expect(agent.invoke({ input: "go" }, { ...thread, signal })).rejects.toThrow();
      const { usage, status } = await agent.invoke(null, thread);
      expect(status).toBe("done");
      expect(usage).toMatchObject({ calls: 3, cutOff: 1 });
      const next = await agent.invoke({ input: "again" }, thread);
      expect(next.usage.cutOff).toBeUndefined();
    },
  );

  it("says nothing of it after an undisturbed run, nor after one that waited for a person", async () => {
    const undisturbed = await setUp().agent.invoke({ input: "go" }, thread);
    expect(undisturbed.usage.cutOff).toBeUndefined();
    const { agent } = plannedAgent(
      [{ id: "pay", description: "pay", tool: "charge", args: { who: "ann" } }],
      {
        tools: [journalTool(createJournal())],
        approval: { plan: true, tools: { charge: true } },
        checkpointer: new MemorySaver(),
      },
    );
    await agent.invoke({ input: "go" }, thread);
    await agent.invoke(decide(approve), thread);
    const { usage, status } = await agent.invoke(decide(approve), thread);
    expect(status).toBe("done");
    expect(usage.cutOff).toBeUndefined();
  });

  it("says it as a subgraph too", async () => {
    const { agent, signal } = setUp("agent");
    const parent = new StateGraph(z.object({ input: z.string(), usage: z.any() }))
      .addNode("inner", agent)
      .addEdge(START, "inner")
      .addEdge("inner", END)
      .compile({ checkpointer: new MemorySaver() });
    await expect(parent.invoke({ input: "go" }, { ...thread, signal })).rejects.toThrow();
    const { usage } = await parent.invoke(null, thread);
    expect(usage).toMatchObject({ calls: 3, cutOff: 1 });
  });
});
