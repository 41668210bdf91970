import {
  Annotation,
  type BaseCheckpointSaver,
  DeltaChannel,
  END,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  createCheckpointer,
  createStore,
  deleteThread,
  deleteThreadsOlderThan,
  type OpenCheckpointer,
  type OpenStore,
  threadNamespace,
  trimThread,
  withThreadLock,
} from "../../src/checkpoint/index.js";
import { echo, journalTool, plannedAgent } from "../support/agent-run.js";
import { approve, decide, isWaiting } from "../support/approval.js";
import { createJournal } from "../support/deferred.js";
import { toText } from "./large-values.js";

/** What retention is tried on. */
export interface RetentionContractOptions {
  readonly kind: string;
  /** The URL of an empty store, asked for before each test. */
  readonly url: () => string | Promise<string>;
  /** What is kept beside checkpoints and belongs to none that is left. */
  readonly orphans: (opened: OpenCheckpointer) => Promise<unknown[]> | unknown[];
}

const hourMs = 3_600_000;
const threadOf = (thread_id: string) => ({ configurable: { thread_id } });
const steps = [
  { id: "a", tool: "echo", args: { value: toText("one") } },
  { id: "b", tool: "echo", args: { value: "{{a}} two" } },
];

/** What holds of deleting and trimming, whatever keeps the checkpoints. */
export function describeRetention({ kind, url, orphans }: RetentionContractOptions): void {
  describe(`retention, on ${kind}`, () => {
    let opened: OpenCheckpointer;
    let kept: OpenStore;

    beforeEach(async () => {
      const address = await url();
      opened = await createCheckpointer(address);
      kept = await createStore(address);
    });
    afterEach(async () => {
      vi.useRealTimers();
      await kept.close();
      await opened.close();
    });

    const agent = () =>
      plannedAgent(steps, { tools: [echo], checkpointer: opened.checkpointer, store: kept.store }).agent;
    const runTurn = (threadId: string) => agent().invoke({ input: `go ${threadId}` }, threadOf(threadId));
    const runAt = async (timeMs: number, threadId: string) => {
      vi.useFakeTimers({ toFake: ["Date"], now: timeMs });
      await runTurn(threadId);
    };
    const isThere = async (threadId: string) =>
      (await opened.checkpointer.getTuple(threadOf(threadId))) !== undefined;
    const historyOf = async (threadId: string) => {
      const history = [];
      for await (const snapshot of agent().getStateHistory(threadOf(threadId))) {
        history.push(snapshot);
      }
      return history;
    };

    it("deletes a thread and what is kept of it in the store, and no other's", async () => {
      for (const threadId of ["1", "10"]) {
        await runTurn(threadId);
        for (let entry = 0; entry < 130; entry += 1) {
          await kept.store.put([...threadNamespace(threadId), "own"], String(entry), { entry });
        }
      }
      await kept.store.put(["others"], "1", { entry: 1 });
      await deleteThread(opened, "1", { store: kept.store });
      expect([await isThere("1"), await isThere("10")]).toEqual([false, true]);
      const entriesOf = (threadId: string) => kept.store.search(threadNamespace(threadId), { limit: 1_000 });
      expect(await entriesOf("1")).toEqual([]);
      expect((await entriesOf("10")).length).toBeGreaterThanOrEqual(130);
      expect(await kept.store.get(["others"], "1")).not.toBeNull();
      expect((await runTurn("1")).messages).toHaveLength((await runTurn("new")).messages.length);
    });

    it("deletes no thread that somebody works on", async () => {
      await runTurn("1");
      await withThreadLock(opened, "1", async () => {
        await expect(deleteThread(opened, "1")).rejects.toMatchObject({ code: "THREAD_BUSY" });
        await expect(trimThread(opened, "1", { keep: 1 })).rejects.toMatchObject({ code: "THREAD_BUSY" });
      });
      expect(await isThere("1")).toBe(true);
    });

    it("deletes the threads whose newest checkpoint is old, but for those that somebody works on", async () => {
      const start = Date.now() + hourMs;
      for (const threadId of ["old 1", "old 2", "held", "gone on with"]) {
        await runAt(start, threadId);
      }
      await runAt(start + 2 * hourMs, "gone on with");
      await runAt(start + 2 * hourMs, "fresh");
      const now = () => start + 3 * hourMs;
      const older = (olderThanMs: number) =>
        deleteThreadsOlderThan(opened, { olderThanMs, now, store: kept.store });
      expect(await older(4 * hourMs)).toEqual([]);
      const deleted = await withThreadLock(opened, "held", () => older(2 * hourMs));
      expect(deleted.sort()).toEqual(["old 1", "old 2"]);
      for (const threadId of ["held", "gone on with", "fresh"]) {
        expect(await isThere(threadId)).toBe(true);
      }
      expect(await isThere("old 1")).toBe(false);
      expect(await older(2 * hourMs)).toEqual(["held"]);
      await expect(older(Number.NaN)).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
    });

    it("tells a thread's age to the millisecond", async () => {
      await runAt(Date.now() + hourMs, "1");
      const tuple = await opened.checkpointer.getTuple(threadOf("1"));
      const madeMs = Date.parse(tuple?.checkpoint.ts ?? "");
      const older = (now: number) => deleteThreadsOlderThan(opened, { olderThanMs: 1_000, now: () => now });
      expect(await older(madeMs + 1_000)).toEqual([]);
      // Two clock ticks are asked for a checkpoint's id and its time.
      expect(await older(madeMs + 1_002)).toEqual(["1"]);
    });

    it("leaves threads alone whose checkpoint ids tell no time", async () => {
      await runTurn("1");
      const tuple = await opened.checkpointer.getTuple(threadOf("1"));
      if (tuple === undefined) {
        throw new Error("nothing was kept");
      }
      const checkpoint = { ...tuple.checkpoint, id: "0-made-by-somebody-else" };
      const metadata = { source: "input" as const, step: -1, parents: {} };
      const where = { configurable: { thread_id: "foreign", checkpoint_ns: "" } };
      await opened.checkpointer.put(where, checkpoint, metadata, {});
      const now = () => Date.now() + hourMs;
      expect(await deleteThreadsOlderThan(opened, { olderThanMs: 0, now })).toEqual(["1"]);
      expect(await isThere("foreign")).toBe(true);
    });

    it("trims a thread's history, and the next turn goes on as if nothing had been", async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        await runTurn("1");
        await runTurn("2");
      }
      const before = await historyOf("1");
      const removed = await trimThread(opened, "1", { keep: 2 });
      expect(removed).toBe(before.length - 2);
      const after = await historyOf("1");
      expect(after.map(({ values }) => values)).toEqual(before.slice(0, 2).map(({ values }) => values));
      expect(await orphans(opened)).toEqual([]);
      expect(await trimThread(opened, "1", { keep: 2 })).toBe(0);
      expect(await historyOf("2")).toHaveLength(before.length);

      const [trimmed, whole] = [await runTurn("1"), await runTurn("2")];
      expect(trimmed.status).toBe("done");
      expect(trimmed.messages.length).toBe(whole.messages.length);
      expect((await historyOf("1")).length).toBe(before.length / 3 + 2);
    });

    it("trims a thread that waits for a person, who is then answered once", async () => {
      const journal = createJournal();
      const waiting = plannedAgent([...steps, { id: "c", tool: "charge", args: { who: "Ann" } }], {
        tools: [echo, journalTool(journal)],
        checkpointer: opened.checkpointer,
        approval: { tools: { charge: true } },
      }).agent;
      await waiting.invoke({ input: "go" }, threadOf("1"));
      await waiting.invoke(decide(approve), threadOf("1"));
      expect(isWaiting(await waiting.invoke({ input: "again" }, threadOf("1")))).toBe(true);
      expect(await trimThread(opened, "1", { keep: 1 })).toBeGreaterThan(3);
      expect(journal.entries).toEqual(["Ann"]);
      expect((await waiting.invoke(decide(approve), threadOf("1"))).status).toBe("done");
      expect(journal.entries).toEqual(["Ann", "Ann"]);
    });

    it("trims a thread whose subgraph waits, each namespace by itself", async () => {
      const journal = createJournal();
      const inner = plannedAgent([{ id: "c", tool: "charge", args: { who: "Ann" } }], {
        tools: [journalTool(journal)],
        approval: { tools: { charge: true } },
      }).agent;
      const outer = new StateGraph(z.object({ input: z.string(), response: z.string().optional() }))
        .addNode("agent", inner)
        .addEdge(START, "agent")
        .addEdge("agent", END)
        .compile({ checkpointer: opened.checkpointer });
      expect(isWaiting(await outer.invoke({ input: "go" }, threadOf("1")))).toBe(true);
      expect([...(await opened.retention.checkpointIds("1")).keys()]).toHaveLength(2);
      expect(await trimThread(opened, "1", { keep: 1 })).toBeGreaterThan(1);
      expect(await orphans(opened)).toEqual([]);
      expect((await outer.invoke(decide(approve), threadOf("1"))).response).toBe("the answer");
      expect(journal.entries).toEqual(["Ann"]);
    });

    it("keeps what a channel of changes needs", async () => {
      const graph = changesGraph(opened.checkpointer);
      for (let turn = 0; turn < 6; turn += 1) {
        await graph.invoke({ log: [toText(`${turn}`)] }, threadOf("1"));
      }
      const { values } = await graph.getState(threadOf("1"));
      expect(values.log).toHaveLength(12);
      await trimThread(opened, "1", { keep: 1 });
      expect((await graph.getState(threadOf("1"))).values).toEqual(values);
      expect((await graph.invoke({ log: ["6"] }, threadOf("1"))).log).toEqual([...values.log, "6", "node"]);
    });

    it("has nothing to trim of a thread that is not there, and refuses to keep nothing", async () => {
      expect(await trimThread(opened, "none", { keep: 1 })).toBe(0);
      for (const keep of [0, 1.5, Number.NaN]) {
        await expect(trimThread(opened, "none", { keep })).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
      }
    });
  });
}

/** A graph that keeps only what was added to its channel, and all of it at every fifth time. */
function changesGraph(checkpointer: BaseCheckpointSaver) {
  const add = (log: string[], added: readonly string[][]) => [...log, ...added.flat()];
  const state = Annotation.Root({
    log: () =>
      new DeltaChannel<string[], string[]>(add, { snapshotFrequency: 5, initialValueFactory: () => [] }),
  });
  return new StateGraph(state)
    .addNode("node", () => ({ log: ["node"] }))
    .addEdge(START, "node")
    .addEdge("node", END)
    .compile({ checkpointer });
}
