import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { KeptEvent } from "../../src/index.js";
import { createQueue } from "../../src/queue/index.js";
import { goalOf } from "./agent.js";
import { type TestQueue, until, untilIdle, untilStatus, withQueues } from "./set-up.js";

const open = withQueues();

describe.concurrent("the events of a thread", { timeout: 120_000 }, () => {
  test("are read while it goes on and afterwards, in order and without a gap, also across the death of its worker", async () => {
    const one = await open();
    const seen: KeptEvent[] = [];
    const reading = (async () => {
      for await (const kept of one.queue.events("t")) {
        seen.push(kept);
        if (kept.event.type === "agent.completed") {
          return;
        }
      }
    })();
    const first = await one.startWorker();
    await one.queue.start("steps", "t", goalOf("work:a:10", "work:b:3000", "work:c:10"));
    await until("b is called", () =>
      seen.some(({ event }) => event.type === "tool.called" && event.stepId === "2"),
    );
    first.send("SIGKILL");
    await one.startWorker();
    await reading;
    await untilIdle(one, "t");

    expect(seen.map(({ position }) => position)).toEqual(seen.map((_, index) => index + 1));
    const segments = [...new Set(seen.map(({ event }) => event.segment))];
    expect(segments).toEqual([1, 2]);
    for (const segment of segments) {
      const own = seen.filter(({ event }) => event.segment === segment);
      expect(own.map(({ event }) => event.seq)).toEqual(own.map((_, index) => index + 1));
    }
    const ends = seen.flatMap(({ event }) =>
      event.type === "step.ended" ? [`${event.segment}: ${event.stepId} ${event.replayed ?? false}`] : [],
    );
    expect(ends).toEqual(["1: 1 false", "2: 1 true", "2: 2 false", "2: 3 false"]);
    // From another process's connections, and from any place on.
    await using other = await createQueue({ url: one.url });
    expect(await readAll(other, "t", 0)).toEqual(seen);
    expect(await readAll(other, "t", 5)).toEqual(seen.slice(5));
  });

  test("get none of a worker that stood still while another one took its turn over", async () => {
    const one = await open();
    const frozen = await one.startWorker();
    await one.queue.start("steps", "t", goalOf("work:a:2000", "work:b:10"));
    await until("a runs", () => one.began().includes("a"));
    frozen.send("SIGSTOP");
    await one.startWorker();
    await untilStatus(one, "t", "done");
    const before = await readAll(one.queue, "t", 0);
    frozen.send("SIGCONT");
    await delay(4_000);
    expect(await readAll(one.queue, "t", 0)).toEqual(before);
  });

  test("are there when a worker that was stopped has ended", async () => {
    const one = await open();
    const worker = await one.startWorker();
    await one.queue.start("steps", "t", goalOf("work:a:1000", "work:b:10"));
    await until("a runs", () => one.began().includes("a"));
    worker.send("SIGTERM");
    expect(await worker.ended).toBe(0);
    const types = (await readAll(one.queue, "t", 0)).map(({ event }) => event.type);
    expect(types).toContain("step.ended");
    expect(worker.complaints()).toBe("");
  });
});

async function readAll(queue: TestQueue["queue"], threadId: string, after: number): Promise<KeptEvent[]> {
  const kept: KeptEvent[] = [];
  for await (const one of queue.events(threadId, { after, follow: false })) {
    kept.push(one);
  }
  return kept;
}
