import { randomUUID } from "node:crypto";
import { type BaseCheckpointSaver, END, emptyCheckpoint, START, StateGraph } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type CheckpointerKind,
  createCheckpointer,
  type OpenCheckpointer,
} from "../../src/checkpoint/index.js";
import { describeLargeOutputs } from "./large-output-contract.js";

/** What the contract of all checkpointers is run on. */
export interface ContractOptions {
  readonly kind: CheckpointerKind;
  /** The URL of an empty store, asked for before each test. */
  readonly url: () => string | Promise<string>;
  /** Whether what was kept is there again after closing and opening. */
  readonly survivesClosing: boolean;
}

const state = z.object({ total: z.number(), log: z.array(z.string()).optional() });

/** Adds one, doubles, and fails between the two while `broken.now` is true. */
function countingGraph(checkpointer: BaseCheckpointSaver, broken = { now: false }) {
  return new StateGraph(state)
    .addNode("add", ({ total, log }) => ({ total: total + 1, log: [...(log ?? []), "add"] }))
    .addNode("double", ({ total, log }) => {
      if (broken.now) {
        throw new Error("broken");
      }
      return { total: total * 2, log: [...(log ?? []), "double"] };
    })
    .addEdge(START, "add")
    .addEdge("add", "double")
    .addEdge("double", END)
    .compile({ checkpointer });
}

const threadOf = (thread_id: string) => ({ configurable: { thread_id } });
const threadAt = (thread_id: string) => ({ configurable: { thread_id, checkpoint_ns: "" } });

/** What a graph may rely on, whatever keeps its checkpoints. */
export function describeCheckpointer({ kind, url, survivesClosing }: ContractOptions): void {
  describe(`the contract of all checkpointers, on ${kind}`, () => {
    describeLargeOutputs({ url, survivesClosing });

    let address: string;
    let opened: OpenCheckpointer;

    beforeEach(async () => {
      address = await url();
      opened = await createCheckpointer(address);
    });
    afterEach(() => opened.close());

    it("says what it is", () => expect(opened.kind).toBe(kind));

    it("knows nothing of a thread that was never run", async () => {
      expect(await opened.checkpointer.getTuple(threadOf(randomUUID()))).toBeUndefined();
      expect((await countingGraph(opened.checkpointer).getState(threadOf("new"))).values).toEqual({});
    });

    it("keeps the state of a run", async () => {
      const graph = countingGraph(opened.checkpointer);
      await graph.invoke({ total: 1 }, threadOf("1"));
      const snapshot = await graph.getState(threadOf("1"));
      expect(snapshot.values).toEqual({ total: 4, log: ["add", "double"] });
      expect(snapshot.next).toEqual([]);
    });

    it("keeps the history, newest first, each state reachable by its id", async () => {
      const graph = countingGraph(opened.checkpointer);
      await graph.invoke({ total: 1 }, threadOf("1"));
      const history = [];
      for await (const snapshot of graph.getStateHistory(threadOf("1"))) {
        history.push(snapshot);
      }
      expect(history.map(({ values, next }) => [values.total, next])).toEqual([
        [4, []],
        [2, ["double"]],
        [1, ["add"]],
        [undefined, ["__start__"]],
      ]);
      const middle = history[1];
      expect((await graph.getState(middle?.config ?? {})).values.total).toBe(2);
    });

    it("keeps two branches from one checkpoint apart", async () => {
      const graph = countingGraph(opened.checkpointer);
      await graph.invoke({ total: 1 }, threadOf("1"));
      const first = await graph.getState(threadOf("1"));
      const branchPoint = await graph.getState(first.parentConfig ?? {});
      const changed = await graph.updateState(branchPoint.config, { total: 10 }, "add");
      const second = await graph.invoke(null, changed);
      expect(second.total).toBe(20);
      expect((await graph.getState(threadOf("1"))).values.total).toBe(20);
      expect((await graph.getState(changed)).values.total).toBe(10);
      expect((await graph.getState(first.config)).values.total).toBe(4);
      expect((await graph.getState(branchPoint.config)).values.total).toBe(2);
    });

    it("lists no more than the limit, and only what came before", async () => {
      await countingGraph(opened.checkpointer).invoke({ total: 1 }, threadOf("1"));
      const [newest, second] = await listed(opened.checkpointer, { limit: 2 });
      expect(await listed(opened.checkpointer, { limit: 1 })).toEqual([newest]);
      const before = { configurable: { checkpoint_id: newest } };
      expect((await listed(opened.checkpointer, { before }))[0]).toBe(second);
    });

    it("keeps two threads apart", async () => {
      const graph = countingGraph(opened.checkpointer);
      await Promise.all([
        graph.invoke({ total: 1 }, threadOf("1")),
        graph.invoke({ total: 5 }, threadOf("2")),
      ]);
      expect((await graph.getState(threadOf("1"))).values.total).toBe(4);
      expect((await graph.getState(threadOf("2"))).values.total).toBe(12);
    });

    it("keeps writes in their order until the next checkpoint, once each", async () => {
      await countingGraph(opened.checkpointer).invoke({ total: 1 }, threadOf("1"));
      const { config } = (await opened.checkpointer.getTuple(threadOf("1"))) ?? {};
      if (config === undefined) {
        throw new Error("nothing was kept");
      }
      const writes: [string, unknown][] = [
        ["log", "first"],
        ["log", { text: "zwei\u0000 · 三", list: [1, null] }],
      ];
      await opened.checkpointer.putWrites(config, writes, "task");
      await opened.checkpointer.putWrites(config, writes, "task");
      const kept = await opened.checkpointer.getTuple(threadOf("1"));
      expect(kept?.pendingWrites).toEqual(writes.map(([channel, value]) => ["task", channel, value]));
    });

    it("forgets a deleted thread and no other", async () => {
      const graph = countingGraph(opened.checkpointer);
      await graph.invoke({ total: 1 }, threadOf("1"));
      await graph.invoke({ total: 1 }, threadOf("2"));
      await opened.checkpointer.deleteThread("1");
      expect(await opened.checkpointer.getTuple(threadOf("1"))).toBeUndefined();
      expect((await graph.getState(threadOf("2"))).values.total).toBe(4);
    });

    it("deletes from a store that was never used", async () => {
      await expect(opened.checkpointer.deleteThread("1")).resolves.toBeUndefined();
    });

    it("hands what it keeps to a serializer of one's own, and reads it back through it", async () => {
      await opened.close();
      const serializer = loggingSerializer();
      opened = await createCheckpointer(address, { serializer });
      const graph = countingGraph(opened.checkpointer);
      await graph.invoke({ total: 1 }, threadOf("1"));
      expect(serializer.dumped.join()).toContain("double");
      expect(serializer.loaded.join()).not.toContain("double");
      expect((await graph.getState(threadOf("1"))).values.total).toBe(4);
      expect(serializer.loaded.join()).toContain("double");
    });

    it("can be closed twice", async () => {
      await opened.close();
      await expect(opened.close()).resolves.toBeUndefined();
    });

    if (survivesClosing) {
      it("goes on with a broken run after it was closed and opened again", async () => {
        const broken = countingGraph(opened.checkpointer, { now: true });
        await expect(broken.invoke({ total: 1 }, threadOf("1"))).rejects.toThrow("broken");
        await opened.close();

        opened = await createCheckpointer(address);
        const graph = countingGraph(opened.checkpointer);
        expect((await graph.getState(threadOf("1"))).next).toEqual(["double"]);
        expect(await graph.invoke(null, threadOf("1"))).toEqual({ total: 4, log: ["add", "double"] });
      });

      it("stores the writes that are under way when it is closed, and drops those that come later", async () => {
        const { checkpointer } = opened;
        const empty = { source: "input", step: -1, parents: {} } as const;
        const at = await checkpointer.put(threadAt("1"), emptyCheckpoint(), empty, {});
        const underWay = ["a", "b", "c"].map((task) => checkpointer.putWrites(at, [["total", task]], task));
        await opened.close();
        await Promise.all(underWay);
        await checkpointer.putWrites(at, [["__error__", { message: "aborted" }]], "d");
        await expect(checkpointer.put(at, emptyCheckpoint(), empty, {})).rejects.toThrow();

        opened = await createCheckpointer(address);
        const { pendingWrites = [] } = (await opened.checkpointer.getTuple(at)) ?? {};
        expect(pendingWrites.map(([task]) => task).sort()).toEqual(["a", "b", "c"]);
      });
    }
  });
}

async function listed(
  checkpointer: BaseCheckpointSaver,
  options: Parameters<BaseCheckpointSaver["list"]>[1],
): Promise<string[]> {
  const ids: string[] = [];
  for await (const { checkpoint } of checkpointer.list(threadOf("1"), options)) {
    ids.push(checkpoint.id);
  }
  return ids;
}

/** JSON that writes down what goes through it. */
function loggingSerializer() {
  const dumped: string[] = [];
  const loaded: string[] = [];
  return {
    dumped,
    loaded,
    async dumpsTyped(value: unknown): Promise<[string, Uint8Array]> {
      dumped.push(JSON.stringify(value));
      return ["json", new TextEncoder().encode(JSON.stringify(value) ?? "null")];
    },
    async loadsTyped(_type: string, data: Uint8Array | string): Promise<unknown> {
      const text = typeof data === "string" ? data : new TextDecoder().decode(data);
      loaded.push(text);
      return JSON.parse(text);
    },
  };
}
