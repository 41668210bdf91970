import { END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect } from "vitest";
import { z } from "zod";
import { extendGraph } from "../../src/langgraph/compiled-graph.js";
import { stateSchema, thread } from "./graphs.js";
import { checkTouch, type Touch } from "./touch.js";

const MARK = Symbol("mark");

/** A graph with something around its runs and updates, and what was seen there. */
function setUp() {
  const seen: string[] = [];
  const compiled = new StateGraph({ state: stateSchema, context: z.object({ most: z.number().optional() }) })
    .addNode("node", async () => ({ input: "done" }))
    .addEdge(START, "node")
    .addEdge("node", END)
    .compile({ checkpointer: new MemorySaver() });
  const graph = extendGraph(compiled, {
    members: { [MARK]: "ours" },
    prepare(options) {
      seen.push("prepare");
      return options;
    },
    async *run(_graph, input, options, next) {
      seen.push("begin");
      yield* next(input, options);
      seen.push("end");
    },
    reading: (_graph, config) => config,
    update(_graph, config, supersteps, next) {
      seen.push("update");
      return next(config, supersteps);
    },
  });
  return { graph, seen };
}

describe("a compiled graph can be extended", () => {
  const runs: Touch = {
    of: "@langchain/langgraph",
    breaks:
      "Runs pass the agent by: contexts and answers are not checked, what cannot be stored is not told, and a signal " +
      "that many runs share keeps a listener of each.",
  };

  checkTouch(runs, "each way to run it goes through `stream`, and then `_streamIterator`", async () => {
    const { graph, seen } = setUp();
    expect(await graph.invoke({ input: "go" }, thread)).toEqual({ input: "done" });
    for await (const _ of await graph.stream({ input: "go" }, thread)) {
    }
    for await (const _ of graph.streamEvents({ input: "go" }, { ...thread, version: "v2" })) {
    }
    expect(seen).toEqual(Array.from({ length: 3 }, () => ["prepare", "begin", "end"]).flat());
  });

  checkTouch(runs, "what `withConfig` makes of it is of the same class", async () => {
    const { graph, seen } = setUp();
    const tagged = graph.withConfig({ tags: ["mine"] });
    await tagged.invoke({ input: "go" }, thread);
    expect(seen).toEqual(["prepare", "begin", "end"]);
    expect(Reflect.get(tagged, MARK)).toBe("ours");
  });

  const contexts: Touch = {
    of: "@langchain/langgraph",
    breaks:
      "A context that cannot be used is refused with a raw ZodError, and not with what is wrong and where.",
  };

  checkTouch(contexts, "a context is not checked by `_validateContext`", async () => {
    const { graph } = setUp();
    const wrong = JSON.parse('{ "most": "many" }');
    expect(await graph.invoke({ input: "go" }, { ...thread, context: wrong })).toEqual({ input: "done" });
  });

  const updates: Touch = {
    of: "@langchain/langgraph",
    breaks: "`updateState` writes what nobody has checked: a plan can be changed past a person's approval.",
  };

  checkTouch(updates, "each update from outside goes through `bulkUpdateState`", async () => {
    const { graph, seen } = setUp();
    await graph.updateState(thread, { input: "other" }, "node");
    await graph.bulkUpdateState(thread, [{ updates: [{ values: { input: "other" }, asNode: "node" }] }]);
    expect(seen).toEqual(["update", "update"]);
  });
});
