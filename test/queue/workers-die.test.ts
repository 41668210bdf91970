import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { goalOf, type Note } from "./agent.js";
import { until, untilIdle, untilStatus, withQueues } from "./set-up.js";

const open = withQueues();
const TIMEOUT_MS = 150_000;

describe.concurrent("a worker", { timeout: TIMEOUT_MS }, () => {
  test("that is killed leaves its turns to others, which begin nothing again that was finished", async () => {
    const one = await open();
    const first = await one.startWorker();
    await one.queue.start("steps", "t", goalOf("work:a:10", "work:b:3000", "work:c:10"));
    await until("b runs", () => one.began().includes("b"));
    first.send("SIGKILL");
    await one.startWorker();
    await untilStatus(one, "t", "done");
    expect(one.began()).toEqual(["a", "b", "b", "c"]);
    expect(new Set(keysOf(one.notes(), "b")).size).toBe(1);
  });

  test("that is killed with an answer at work leaves just that answer, and no answer to what is asked next", async () => {
    const one = await open();
    const first = await one.startWorker();
    await one.queue.start("steps", "t", goalOf("pay:a:3000", "pay:b:10"));
    await untilStatus(one, "t", "waiting");
    await one.queue.resume("t", [{ type: "approve" }]);
    await until("a is paid", () => one.began().includes("a"));
    first.send("SIGKILL");
    const second = await one.startWorker();
    await until("b waits", async () => {
      const { request, jobs = [] } = (await one.queue.status("t")) ?? {};
      return jobs.length === 0 && JSON.stringify(request).includes('"b"');
    });
    expect(one.began()).toEqual(["a", "a"]);
    expect(new Set(keysOf(one.notes(), "a")).size).toBe(1);
    await one.queue.resume("t", [{ type: "approve" }]);
    await untilStatus(one, "t", "done");
    expect(one.began()).toEqual(["a", "a", "b"]);
    expect(second.complaints()).toBe("");
  });

  test("that stood still while another one took its turn over writes nothing any more", async () => {
    const one = await open();
    const frozen = await one.startWorker();
    await one.queue.start("steps", "t", goalOf("work:a:10", "work:b:2000", "work:c:10"));
    await until("b runs", () => one.began().includes("b"));
    frozen.send("SIGSTOP");
    const second = await one.startWorker();
    await untilStatus(one, "t", "done");
    const before = await checkpoints(one);
    frozen.send("SIGCONT");
    await delay(4_000);
    expect(await checkpoints(one)).toEqual(before);
    expect(await one.queue.status("t")).toMatchObject({
      status: "done",
      response: `It ended with c by ${second.pid}.`,
    });
    // It works on, for others.
    second.send("SIGKILL");
    await one.queue.start("steps", "u", goalOf("work:d:10"));
    await untilStatus(one, "u", "done");
    frozen.send("SIGTERM");
    expect(await frozen.ended).toBe(0);
  });

  test("that is stopped in order leaves its turns at a quiet moment, and the rest is done elsewhere", async () => {
    const one = await open();
    const first = await one.startWorker();
    await one.queue.start("steps", "t", goalOf("work:a:10", "work:b:2000", "work:c:1000", "work:d:10"));
    await until("b runs", () => one.began().includes("b"));
    first.send("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(one.notes().map(({ event, name }) => `${name} ${event}`)).toEqual([
      "a began",
      "a ended",
      "b began",
      "b ended",
    ]);
    await one.startWorker();
    await untilStatus(one, "t", "done");
    expect(one.began()).toEqual(["a", "b", "c", "d"]);
    expect(first.complaints()).toBe("");
  });

  test("that is stopped waits no longer than it was told to", async () => {
    const one = await open();
    const first = await one.startWorker({ drainMs: 500 });
    await one.queue.start("steps", "t", goalOf("work:a:60000"));
    await until("a runs", () => one.began().includes("a"));
    const began = performance.now();
    first.send("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  test("that lives, and whose job was given away all the same, lets go of it and goes on with the others", async () => {
    const one = await open();
    const first = await one.startWorker({ concurrency: 2 });
    await one.queue.start("steps", "t", goalOf("work:a:10", "work:b:8000"));
    await one.queue.start("steps", "u", goalOf("work:c:12000"));
    await until("both run", () => ["b", "c"].every((name) => one.began().includes(name)));
    const second = await one.startWorker();
    await one.sql("update pgboss.job set state = 'retry', start_after = now() where singleton_key = 't'");
    await untilStatus(one, "t", "done");
    await untilStatus(one, "u", "done");
    const begins = one.notes().filter(({ event }) => event === "began");
    expect(
      begins.map(({ name, pid }) => `${name} ${pid === first.pid ? "first" : "second"}`).toSorted(),
    ).toEqual(["a first", "b first", "b second", "c first"]);
    expect(second.complaints()).toBe("");
  });

  test("never works on a thread beside another one", async () => {
    const one = await open();
    await Promise.all([one.startWorker(), one.startWorker()]);
    for (let turn = 0; turn < 5; turn += 1) {
      for (const thread of ["x", "y"]) {
        await one.queue.start("steps", thread, goalOf(`work:${thread}${turn}:60`));
      }
    }
    await untilIdle(one, "x");
    await untilIdle(one, "y");
    for (const thread of ["x", "y"]) {
      const own = one.notes().filter((note) => note.thread === thread);
      expect(own.map(({ event, name }) => `${name} ${event}`)).toEqual(
        [0, 1, 2, 3, 4].flatMap((turn) => [`${thread}${turn} began`, `${thread}${turn} ended`]),
      );
    }
  });
});

function keysOf(notes: readonly Note[], name: string): string[] {
  return notes.flatMap((note) => (note.name === name ? [note.key] : []));
}

function checkpoints({ sql }: Pick<Awaited<ReturnType<typeof open>>, "sql">) {
  return sql(
    `select (select count(*) from checkpoints) as checkpoints, (select count(*) from checkpoint_writes) as writes,
      (select count(*) from checkpoint_blobs) as blobs`,
  );
}
