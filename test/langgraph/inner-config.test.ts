import { FakeListChatModel } from "@langchain/core/utils/testing";
import { MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { expect } from "vitest";
import { createInnerConfigs, runDetached } from "../../src/langgraph/index.js";
import { oneNode, stateSchema, thread } from "./graphs.js";
import { checkTouch } from "./touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "What runs inside a step shows on the screen: a nested graph replaces the conversation there, and writes to the outer " +
    "run's checkpoints.",
} as const;

checkTouch(touch, "a graph inside a step neither streams to the outside nor writes there", async () => {
  const model = new FakeListChatModel({ responses: ["inner words"] });
  const inner = new StateGraph(stateSchema)
    .addNode("inner", async (_state, config) => ({ input: (await model.invoke("go", config)).text }))
    .addEdge(START, "inner")
    .compile();
  const saver = new MemorySaver();
  const found: unknown[] = [];
  const graph = oneNode(async (_state, config) => {
    const innerConfig = createInnerConfigs(config)("a", new AbortController().signal, { mine: 1 });
    found.push(innerConfig.configurable);
    found.push(await runDetached(() => inner.invoke({ input: "in" }, innerConfig)));
    return { input: "done" };
  }, saver);
  const shown: unknown[] = [];
  for await (const chunk of await graph.stream(
    { input: "go" },
    { ...thread, streamMode: ["values", "messages", "updates"], subgraphs: true },
  )) {
    shown.push(chunk);
  }
  expect(found).toEqual([{ thread_id: "1", mine: 1 }, { input: "inner words" }]);
  expect(JSON.stringify(shown)).not.toContain("inner");
  expect(Object.keys(saver.storage["1"] ?? {})).toEqual([""]);
});
