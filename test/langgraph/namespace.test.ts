import { describe, expect } from "vitest";
import { isInsideGraph, namespaceOfGraph, taskIdIn } from "../../src/langgraph/namespace.js";
import { type Node, nested, oneNode, thread } from "./graphs.js";
import { checkTouch } from "./touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "An agent inside another graph is taken for one that stands alone, the recursion limit is met in the middle of a " +
    "step, and a turn that is begun again calls tools under other idempotency keys.",
} as const;

describe("the namespace in a node's config", () => {
  checkTouch(touch, "says whether the node's graph is inside another one, and which that is", async () => {
    const found: unknown[] = [];
    const node: Node = async (_state, { configurable }) => {
      found.push(configurable?.checkpoint_ns);
      return {};
    };
    await oneNode(node).invoke({ input: "go" }, thread);
    await nested(node).invoke({ input: "go" }, thread);
    const [alone, inside] = found;
    expect([alone, inside].map(isInsideGraph)).toEqual([false, true]);
    expect(namespaceOfGraph(alone)).toBe("");
    expect(namespaceOfGraph(inside)).toMatch(/^outer:[^|]+$/);
  });

  checkTouch(touch, "names the task, which is the same when it is begun again", async () => {
    const found: unknown[] = [];
    const graph = oneNode(async (_state, { configurable }) => {
      found.push(taskIdIn(configurable?.checkpoint_ns));
      if (found.length === 1) {
        throw new Error("cut off");
      }
      return {};
    });
    await expect(graph.invoke({ input: "go" }, thread)).rejects.toThrow("cut off");
    await graph.invoke(null, thread);
    await graph.invoke({ input: "next" }, thread);
    expect(found[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(found[1]).toBe(found[0]);
    expect(found[2]).not.toBe(found[0]);
  });
});
