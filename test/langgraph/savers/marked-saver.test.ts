import { MemorySaver } from "@langchain/langgraph";
import { describe, expect } from "vitest";
import { withCheckpointer } from "../../../src/langgraph/run-checkpointer.js";
import { markOf, withMark } from "../../../src/langgraph/savers/marked-saver.js";
import { oneNode, thread } from "../graphs.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "In a fork in which people answer otherwise, a worker goes on with what it did after the other answer.",
} as const;

describe("a mark", () => {
  checkTouch(
    touch,
    "stands with each checkpoint that was written under it, and a snapshot shows it",
    async () => {
      const saver = new MemorySaver();
      const graph = oneNode(async () => ({ input: "done" }));
      const run = async (mark: string) => {
        const configurable = withCheckpointer(thread.configurable, withMark(saver, mark));
        await graph.invoke({ input: "go" }, { configurable });
        return markOf(await graph.getState({ configurable: withCheckpointer(thread.configurable, saver) }));
      };
      expect([await run("first"), await run("second")]).toEqual(["first", "second"]);
      expect(markOf({})).toBeUndefined();
    },
  );
});
