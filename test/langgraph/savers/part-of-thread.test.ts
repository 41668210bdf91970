import { INTERRUPT, interrupt, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect } from "vitest";
import { withCheckpointer } from "../../../src/langgraph/run-checkpointer.js";
import { markOf, partOfThread } from "../../../src/langgraph/savers/part-of-thread.js";
import { oneNode, stateSchema } from "../graphs.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "What workers keep is not deleted with the thread, or two of them overwrite each other; in a fork in which people " +
    "answer otherwise, a worker goes on with what it did after the other answer.",
} as const;

const part = (mark: string, name = "one") => ({
  threadId: "outer",
  namespace: `worker/${name}`,
  as: name,
  mark,
});

/** The keys of a run of a graph that keeps its thread as a part of another one. */
function keysFor(saver: MemorySaver, given: ReturnType<typeof part>) {
  return { configurable: withCheckpointer({ thread_id: given.as }, partOfThread(saver, given)) };
}

async function namespacesIn(saver: MemorySaver, thread_id: string): Promise<unknown[]> {
  const found = new Set<unknown>();
  for await (const { config } of saver.list({ configurable: { thread_id } })) {
    found.add(config.configurable?.checkpoint_ns);
  }
  return [...found].sort();
}

describe("a graph that keeps its thread as a part of another one", () => {
  checkTouch(
    touch,
    "finds it again, with the mark under which it was written, and nothing stands elsewhere",
    async () => {
      const saver = new MemorySaver();
      const graph = oneNode(async ({ input }) => ({ input: `${input}!` }));
      for (const mark of ["first", "second"]) {
        await graph.invoke({ input: mark }, keysFor(saver, part(mark)));
        const state = await graph.getState(keysFor(saver, part("any")));
        expect([state.values.input, markOf(state)]).toEqual([`${mark}!`, mark]);
      }
      expect((await graph.getState(keysFor(saver, part("any", "two")))).createdAt).toBeUndefined();
      expect(await namespacesIn(saver, "outer")).toEqual(["worker/one"]);
      expect(await namespacesIn(saver, "one")).toEqual([]);
      const history = [];
      for await (const { config } of graph.getStateHistory(keysFor(saver, part("any")), { limit: 2 })) {
        history.push(config.configurable?.checkpoint_ns);
      }
      expect(history).toEqual(["", ""]);
      await saver.deleteThread("outer");
      expect((await graph.getState(keysFor(saver, part("any")))).createdAt).toBeUndefined();
      expect(markOf({})).toBeUndefined();
    },
  );

  checkTouch(touch, "may have a graph inside that asks, and the part a part of its own", async () => {
    const saver = new MemorySaver();
    const inner = new StateGraph(stateSchema)
      .addNode("node", () => ({ input: interrupt("which?") }))
      .addEdge(START, "node")
      .compile();
    const graph = new StateGraph(stateSchema).addNode("outer", inner).addEdge(START, "outer").compile();
    const within = partOfThread(saver, part("m"));
    const deeper = partOfThread(within, { threadId: "one", namespace: "worker/deep", as: "deep", mark: "m" });
    const configurable = withCheckpointer({ thread_id: "deep" }, deeper);
    const waiting = await graph.invoke({ input: "go" }, { configurable });
    expect(Reflect.get(waiting, INTERRUPT)).toMatchObject([{ value: "which?" }]);
    expect(await namespacesIn(saver, "outer")).toEqual([
      "worker/one|worker/deep",
      expect.stringMatching(/^worker\/one\|worker\/deep\|outer:/),
    ]);
  });
});
