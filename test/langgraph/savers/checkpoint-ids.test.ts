import { expect } from "vitest";
import { smallestIdAt, tellsTime } from "../../../src/langgraph/index.js";
import { oneNode, thread } from "../graphs.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks: "`deleteThreadsOlderThan` finds no thread, or deletes one that is in use.",
} as const;

checkTouch(touch, "a checkpoint's id tells when it was made, to the millisecond", async () => {
  const graph = oneNode(async () => ({ input: "done" }));
  await graph.invoke({ input: "go" }, thread);
  for await (const { config, createdAt } of graph.getStateHistory(thread)) {
    const id: string = config.configurable?.checkpoint_id;
    const madeAt = Date.parse(createdAt ?? "");
    expect(tellsTime(id)).toBe(true);
    // A clock that ticked between id and `ts` is no change of LangGraph's.
    expect(id >= smallestIdAt(madeAt - 5)).toBe(true);
    expect(id < smallestIdAt(madeAt + 5)).toBe(true);
  }
});
