import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { type AgentEvent, createSinks, type EventSink } from "../../src/events/index.js";
import { echo, plannedAgent } from "../support/agent-run.js";
import { createDeferred } from "../support/deferred.js";
import { stamp } from "../support/stamp.js";

const eventOf = (seq: number): AgentEvent => ({ type: "agent.started", goal: "go", ...stamp, seq });
const steps = [{ id: "a", tool: "echo", args: { value: "a" } }];

afterEach(() => void vi.useRealTimers());

test("a sink gets every event of a run in order, and is flushed before the run gives its result", async () => {
  const got: AgentEvent[] = [];
  const done: string[] = [];
  const sink: EventSink = {
    write: (event) => void got.push(event),
    flush: async () => void done.push("flushed"),
  };
  const { agent, events } = plannedAgent(steps, { tools: [echo], sinks: [sink] });
  await agent.invoke({ input: "go" });
  done.push("invoked");
  expect(got).toEqual(events);
  expect(got.at(-1)?.type).toBe("agent.completed");
  expect(done).toEqual(["flushed", "invoked"]);
});

test("a sink that answers late gets one event at a time, and none is lost", async () => {
  const got: number[] = [];
  let isBusy = false;
  const sink: EventSink = {
    async write({ seq }) {
      expect(isBusy).toBe(false);
      isBusy = true;
      await new Promise((resolve) => setImmediate(resolve));
      isBusy = false;
      got.push(seq);
    },
  };
  const { agent, events } = plannedAgent(steps, { tools: [echo], sinks: [sink] });
  await agent.invoke({ input: "go" });
  expect(got).toEqual(events.map(({ seq }) => seq));
});

test("a sink that takes many at a time gets what waited together, and all of it counts when it fails", async () => {
  const together: number[][] = [];
  const sink: EventSink = {
    write: () => {},
    async writeAll(events) {
      together.push(events.map(({ seq }) => seq));
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (together.length === 2) {
        throw new Error("disk full");
      }
    },
  };
  const sinks = createSinks([sink]);
  for (let seq = 1; seq <= 1_200; seq += 1) {
    sinks.listener?.(eventOf(seq));
  }
  const [loss] = await sinks.flush("r");
  expect(together.map(({ length }) => length)).toEqual([1, 500, 500, 199]);
  expect(together.flat()).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1));
  expect(loss).toMatchObject({ lost: 500, error: "disk full" });
});

test("what a sink lets wait comes with the next event, at the end of a run, or in a moment", async () => {
  const together: number[][] = [];
  let isFull = false;
  const sink: EventSink = {
    write: () => {},
    writeAll(events) {
      together.push(events.map(({ seq }) => seq));
      if (isFull) {
        throw new Error("disk full");
      }
    },
    mayWait: ({ seq }) => seq % 3 !== 0,
  };
  const sinks = createSinks([sink]);
  const send = (...seqs: readonly number[]) => {
    for (const seq of seqs) {
      sinks.listener?.(eventOf(seq));
    }
  };
  send(1, 2, 3, 4);
  expect(together).toEqual([[1, 2, 3]]);
  await sinks.flush("r");
  expect(together).toEqual([[1, 2, 3], [4]]);
  send(5);
  await delay(30);
  expect(together.splice(0)).toEqual([[1, 2, 3], [4], [5]]);
  isFull = true;
  send(7, 8, 9, 10);
  expect(await sinks.flush("r")).toMatchObject([{ lost: 4, error: "disk full" }]);
  expect(together).toEqual([[7, 8, 9], [10]]);
});

test.each<[string, EventSink["write"]]>([
  [
    "throws",
    () => {
      throw new Error("disk full");
    },
  ],
  ["rejects", () => Promise.reject(new Error("disk full"))],
])("a sink that %s never hurts a run, and what it lost is told once", async (_, write) => {
  const { agent, events } = plannedAgent(steps, { tools: [echo], sinks: [{ name: "log", write }] });
  expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: "the answer" });
  const lost = events.length - 1;
  expect(events.filter(({ type }) => type === "sink.failed")).toEqual([
    expect.objectContaining({ sink: "log", lost, error: "disk full", seq: lost + 1 }),
  ]);
});

test("a sink that never answers holds up one run's end for a second, and later runs not at all", async () => {
  vi.useFakeTimers();
  const never = createDeferred<void>();
  const sinks = createSinks([{ write: () => never.promise }]);
  sinks.listener?.(eventOf(1));
  let isOver = false;
  const first = sinks.flush("run").then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(999);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await first;
  await sinks.flush("run");
  expect(vi.getTimerCount()).toBe(0);
});

test("a busy sink has ten thousand events waiting at most, and the others are counted as lost", async () => {
  const ready = createDeferred<void>();
  const got: number[] = [];
  const sinks = createSinks([
    {
      write({ seq }) {
        got.push(seq);
        return ready.promise;
      },
    },
  ]);
  for (let seq = 1; seq <= 10_011; seq += 1) {
    sinks.listener?.(eventOf(seq));
  }
  expect(got).toEqual([1]);
  ready.resolve();
  expect(await sinks.flush("run")).toEqual([{ type: "sink.failed", sink: "sink", lost: 10 }]);
  expect(got).toHaveLength(10_001);
  expect(await sinks.flush("run")).toEqual([]);
});

test("what is no sink is refused when the agent is built", () => {
  const sinks = [{ write: "events.jsonl" }] as never;
  expect(() => plannedAgent([], { sinks })).toThrow(/sinks\.0: must be a sink: \{ write\(event\) \}/);
});
