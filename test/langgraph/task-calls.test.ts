import { type LangGraphRunnableConfig, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createTaskCalls } from "../../src/langgraph/task-calls.js";
import { checkTouch } from "./touch.js";

const thread = { configurable: { thread_id: "1" } };

/** A graph of one node, whose first try is cut off after its tasks have ended. */
function cutOffOnce(work: (config: LangGraphRunnableConfig, isFirst: boolean) => Promise<unknown>) {
  let tries = 0;
  return new StateGraph(z.object({ input: z.string() }))
    .addNode("node", async (_state, config: LangGraphRunnableConfig) => {
      tries += 1;
      await work(config, tries === 1);
      if (tries === 1) {
        throw new Error("cut off");
      }
      return {};
    })
    .addEdge(START, "node")
    .compile({ checkpointer: new MemorySaver() });
}

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "Steps wait until all before them in the plan have started, or, if LangGraph counts calls in another way, a run that " +
    "was cut off does finished steps again or takes one step's result for another's.",
} as const;

describe("a task that is called at a place of its own", () => {
  checkTouch(
    touch,
    "is found again in whatever order the tasks are called, and is not done again",
    async () => {
      const done: string[] = [];
      const found: string[][] = [];
      const graph = cutOffOnce(async (config, isFirst) => {
        const calls = createTaskCalls(config);
        expect(calls.takesPlaces).toBe(true);
        const names = isFirst ? ["a", "b", "c"] : ["c", "new", "a", "b"];
        const places: Record<string, number> = { a: 0, b: 1, c: 2, new: 3 };
        const results: string[] = [];
        for (const name of names) {
          const result = await calls.call(name, places[name] ?? 0, async () => {
            done.push(name);
            return `${name} in try ${isFirst ? 1 : 2}`;
          });
          results.push(result);
        }
        found.push(results);
      });
      await expect(graph.invoke({ input: "go" }, thread)).rejects.toThrow("cut off");
      await graph.invoke(null, thread);
      expect(done).toEqual(["a", "b", "c", "new"]);
      expect(found[1]).toEqual(["c in try 1", "new in try 2", "a in try 1", "b in try 1"]);
    },
  );

  checkTouch(touch, "counts as the node's own where it is called while another task is at work", async () => {
    const done: string[] = [];
    const graph = cutOffOnce(async (config, isFirst) => {
      const calls = createTaskCalls(config);
      const inner = () => calls.call("inner", 1, async () => done.push("inner"));
      if (isFirst) {
        await calls.call("outer", 0, async () => void (await inner()));
      } else {
        await inner();
      }
    });
    await expect(graph.invoke({ input: "go" }, thread)).rejects.toThrow("cut off");
    await graph.invoke(null, thread);
    expect(done).toEqual(["inner"]);
  });
});

test("where LangGraph does not count calls as it is known to, no place is taken", () => {
  for (const scratchpad of [undefined, null, {}, { callCounter: () => 0 }]) {
    const config = { configurable: { __pregel_scratchpad: scratchpad } };
    expect(createTaskCalls(config).takesPlaces).toBe(false);
  }
});
