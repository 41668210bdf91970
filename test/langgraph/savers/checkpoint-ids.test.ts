import { expect, onTestFinished, vi } from "vitest";
import { smallestIdAt, tellsTime } from "../../../src/langgraph/index.js";
import { oneNode, thread } from "../graphs.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks: "`deleteThreadsOlderThan` finds no thread, or deletes one that is in use.",
} as const;

checkTouch(touch, "a checkpoint's id tells when it was made, to the millisecond", async () => {
  // The clock stands still, or it could tick between the id and `ts` on a busy machine.
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const graph = oneNode(async () => ({ input: "done" }));
  await graph.invoke({ input: "go" }, thread);
  for await (const { config, createdAt } of graph.getStateHistory(thread)) {
    const id: string = config.configurable?.checkpoint_id;
    const madeAt = Date.parse(createdAt ?? "");
    expect(tellsTime(id)).toBe(true);
    expect(id >= smallestIdAt(madeAt)).toBe(true);
    expect(id < smallestIdAt(madeAt + 1)).toBe(true);
  }
});
