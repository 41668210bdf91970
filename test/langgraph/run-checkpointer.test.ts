import { MemorySaver } from "@langchain/langgraph";
import { describe, expect } from "vitest";
import { checkpointerIn, isSaver, withCheckpointer } from "../../src/langgraph/run-checkpointer.js";
import { oneNode, thread } from "./graphs.js";
import { checkTouch } from "./touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "A database that fails is not tried again, steps start before what they depend on is stored, and a run whose model " +
    "failed cannot go on.",
} as const;

describe("a run's checkpointer", () => {
  checkTouch(touch, "is found in its nodes' configs", async () => {
    const found: unknown[] = [];
    const saver = new MemorySaver();
    const graph = oneNode(async (_state, { configurable }) => {
      found.push(checkpointerIn(configurable));
      return {};
    }, saver);
    await graph.invoke({ input: "go" }, thread);
    expect(found).toEqual([saver]);
    expect(found.every(isSaver)).toBe(true);
    expect(checkpointerIn(thread.configurable)).toBeUndefined();
  });

  checkTouch(touch, "is another one where a run's config says so", async () => {
    const other = new MemorySaver();
    const graph = oneNode(async () => ({ input: "done" }));
    await graph.invoke({ input: "go" }, { configurable: withCheckpointer(thread.configurable, other) });
    expect((await graph.getState(thread)).createdAt).toBeUndefined();
    expect((await other.getTuple(thread))?.checkpoint.channel_values.input).toBe("done");
  });
});
