import { END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { InputError } from "../../../src/runtime/index.js";
import { echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, isWaiting, reject } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";
import { planCall } from "../../support/scripted-model.js";

/** An agent that would replan without end. */
function restlessAgent() {
  let replans = 0;
  const echoStep = (id: string) => ({ id, description: id, tool: "echo", args: { value: id } });
  return plannedAgent(
    [echoStep("first"), echoStep("second")],
    {
      tools: [echo],
      replanner: { maxReplans: 50, when: "every-step" },
      checkpointer: new MemorySaver(),
    },
    {
      replanner: () => {
        replans += 1;
        return planCall([echoStep(`${replans}a`), echoStep(`${replans}b`)]);
      },
    },
  );
}

const parentState = z.object({ input: z.string(), status: z.any(), outcome: z.any() });
const inner = {
  alone: (agent: ReturnType<typeof restlessAgent>["agent"]) => agent,
  "as a node": (agent: ReturnType<typeof restlessAgent>["agent"]) =>
    new StateGraph(parentState)
      .addNode("inner", agent)
      .addEdge(START, "inner")
      .addEdge("inner", END)
      .compile({ checkpointer: new MemorySaver() }),
  "invoked inside a node": (agent: ReturnType<typeof restlessAgent>["agent"]) =>
    new StateGraph(parentState)
      .addNode("inner", async ({ input }: z.infer<typeof parentState>, config: object) => {
        const { status, outcome } = await agent.invoke({ input }, config);
        return { status, outcome };
      })
      .addEdge(START, "inner")
      .addEdge("inner", END)
      .compile({ checkpointer: new MemorySaver() }),
};

const thread = { configurable: { thread_id: "1" } };

describe.each(Object.entries(inner))("a run %s", (_place, place) => {
  it.each([4, 5, 6, 7, 8, 11, 25])(
    "ends by itself with a partial result before LangGraph's recursion limit of %i",
    async (recursionLimit) => {
      const { agent } = restlessAgent();
      const end: unknown = await place(agent).invoke({ input: "go" }, { ...thread, recursionLimit });
      expect(end).toMatchObject({
        status: "incomplete",
        outcome: { reason: expect.stringContaining(`recursion limit of ${recursionLimit}`) },
      });
    },
  );

  it.each([1, 2, 3])(
    "is refused with a limit of %i, in which nothing could end, before any call",
    async (limit) => {
      const { agent, model } = restlessAgent();
      const run = place(agent).invoke({ input: "go" }, { ...thread, recursionLimit: limit });
      await expect(run).rejects.toThrow(InputError);
      expect(model.count()).toBe(0);
    },
  );
});

it.each([4, 5, 6])("answers of people are taken with a limit of %i too", async (recursionLimit) => {
  const { agent } = plannedAgent([{ id: "pay", description: "pay", tool: "charge", args: { who: "ann" } }], {
    tools: [journalTool(createJournal())],
    approval: { plan: true, tools: { charge: true } },
    checkpointer: new MemorySaver(),
  });
  const config = { ...thread, recursionLimit };
  await agent.invoke({ input: "go" }, config);
  expect(isWaiting(await agent.invoke(decide(approve), config))).toBe(true);
  expect((await agent.invoke(decide(approve), config)).status).toBe("done");
});

it("a plan that a person rejects with no superstep left for another is what was left", async () => {
  const { agent } = plannedAgent([{ id: "x", description: "x", tool: "echo", args: { value: 1 } }], {
    tools: [echo],
    approval: { plan: true },
    checkpointer: new MemorySaver(),
  });
  const config = { ...thread, recursionLimit: 4 };
  await agent.invoke({ input: "go" }, config);
  const { status, outcome } = await agent.invoke(decide(reject("no")), config);
  expect(status).toBe("incomplete");
  expect(outcome?.left).toHaveLength(1);
});
