import { MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect } from "vitest";
import { extendGraph } from "../../src/langgraph/compiled-graph.js";
import { isGoingOn, isNested, superstepOf } from "../../src/langgraph/run-place.js";
import { oneNode, stateSchema, thread } from "./graphs.js";
import { checkTouch } from "./touch.js";

describe("where a run stands", () => {
  const place = {
    of: "@langchain/langgraph",
    breaks:
      "As a node of another graph the agent refuses answers that are meant for it, or writes into the other's thread.",
  } as const;

  checkTouch(place, "its options say whether it is another graph's node", async () => {
    const found: boolean[] = [];
    const compiled = new StateGraph(stateSchema)
      .addNode("node", async () => ({ input: "done" }))
      .addEdge(START, "node")
      .compile({ checkpointer: new MemorySaver() });
    const inner = extendGraph(compiled, {
      members: {},
      prepare: (options) => options,
      run(_graph, input, options, next) {
        found.push(isNested(options));
        return next(input, options);
      },
      reading: (_graph, config) => config,
      update: (_graph, config, supersteps, next) => next(config, supersteps),
    });
    await inner.invoke({ input: "go" }, thread);
    const outer = new StateGraph(stateSchema).addNode("outer", inner).addEdge(START, "outer").compile();
    await outer.invoke({ input: "go" }, thread);
    expect(found).toEqual([false, true]);
  });

  const resuming = {
    of: "@langchain/langgraph",
    breaks:
      "A run that stands still because its model failed does not go on with a null input, or goes on without end.",
  } as const;

  checkTouch(resuming, "a node's config says whether the run goes on with what was begun", async () => {
    const found: boolean[] = [];
    const graph = oneNode(async (_state, config) => {
      found.push(isGoingOn(config));
      if (found.length === 1) {
        throw new Error("cut off");
      }
      return {};
    });
    await expect(graph.invoke({ input: "go" }, thread)).rejects.toThrow("cut off");
    await graph.invoke(null, thread);
    await graph.invoke({ input: "next" }, thread);
    expect(found).toEqual([false, true, false]);
  });

  const superstep = {
    of: "@langchain/langgraph",
    breaks: "Near its recursion limit a run ends in LangGraph's error, and not with what it came to.",
  } as const;

  checkTouch(superstep, "a node's config numbers its superstep over the thread", async () => {
    const found: (number | undefined)[] = [];
    const graph = oneNode(async (_state, config) => {
      found.push(superstepOf(config));
      return {};
    });
    await graph.invoke({ input: "go" }, thread);
    await graph.invoke({ input: "go" }, thread);
    const [first = Number.NaN, second = Number.NaN] = found;
    expect(Number.isInteger(first)).toBe(true);
    expect(second).toBeGreaterThan(first);
  });
});
