import { describe, expect } from "vitest";
import { COPY, INPUTS } from "../../src/langgraph/node-names.js";
import { oneNode, thread } from "./graphs.js";
import { checkTouch } from "./touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "`updateState` under a name that LangGraph keeps for itself is checked as if a node of the graph had written it.",
} as const;

describe("the nodes that LangGraph keeps for itself", () => {
  checkTouch(touch, "one copies a state to another place of the history", async () => {
    const graph = oneNode(async () => ({ input: "done" }));
    await graph.invoke({ input: "go" }, thread);
    const before = await graph.getState(thread);
    await graph.updateState(thread, null, COPY);
    const after = await graph.getState(thread);
    expect(after.values).toEqual(before.values);
    expect(after.config).not.toEqual(before.config);
  });

  checkTouch(touch, "as the others an input is written, from which the graph begins", async () => {
    for (const asNode of INPUTS) {
      const graph = oneNode(async () => ({ input: "done" }));
      await graph.updateState(thread, { input: "go" }, asNode);
      expect(await graph.invoke(null, thread), asNode).toEqual({ input: "done" });
    }
  });
});
