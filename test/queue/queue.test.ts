import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createQueue } from "../../src/queue/index.js";
import { goalOf } from "./agent.js";
import { until, untilIdle, untilStatus, withQueues } from "./set-up.js";

const open = withQueues();
const TIMEOUT_MS = 120_000;

describe.concurrent("a queue", { timeout: TIMEOUT_MS }, () => {
  test("carries out a turn on a worker, and the next turn of the thread after it", async () => {
    const one = await open();
    await one.queue.start("steps", "t", goalOf("work:a:10", "work:b:10"));
    await one.queue.start("steps", "t", goalOf("work:c:10"));
    expect(await one.queue.status("t")).toMatchObject({ status: "queued", tenant: "default" });
    await using worker = await inProcess(one.queue);
    await untilStatus(one, "t", "done");
    await untilIdle(one, "t");
    expect(worker.running).toBe(0);
    expect(one.began()).toEqual(["a", "b", "c"]);
    expect(await one.queue.status("t")).toMatchObject({ response: `It ended with c by ${process.pid}.` });
    expect(await one.queue.status("nobody")).toBeUndefined();
  });

  test("does nothing when a job comes again and its thread is finished, or waits for a person", async () => {
    const one = await open();
    await one.queue.start("steps", "done", goalOf("work:a:10"));
    await one.queue.start("steps", "waits", goalOf("pay:b:10"));
    await using _ = await inProcess(one.queue);
    await untilStatus(one, "done", "done");
    await untilStatus(one, "waits", "waiting");
    const { request } = (await one.queue.status("waits")) ?? {};
    await untilIdle(one, "waits");
    for (const thread of ["done", "waits"]) {
      await one.deliverAgain(thread);
      await until(`${thread} is idle again`, async () => {
        const [job] = await one.sql("select state, retry_count from pgboss.job where singleton_key = $1", [
          thread,
        ]);
        return job?.state === "completed" && job.retry_count === 1;
      });
    }
    expect(one.began()).toEqual(["a"]);
    expect((await one.queue.status("waits"))?.request).toEqual(request);
  });

  test("applies an answer to its own request alone, and once", async () => {
    const one = await open();
    await one.queue.start("steps", "t", goalOf("pay:a:10", "pay:b:10"));
    await using _ = await inProcess(one.queue);
    await untilStatus(one, "t", "waiting");
    const first = (await one.queue.status("t"))?.request?.requestId;
    await one.queue.resume("t", [{ type: "approve" }], { by: "Ann" });
    // Two people answer the same.
    await one.queue.resume("t", { requestId: first, decisions: [{ type: "reject" }] });
    await until("b waits", async () => {
      const { request, status } = (await one.queue.status("t")) ?? {};
      return status === "waiting" && request?.requestId !== first;
    });
    await untilIdle(one, "t");
    await one.deliverAgain("t");
    await until("all came again", async () => {
      const jobs = await one.sql("select state, retry_count from pgboss.job where singleton_key = 't'");
      return jobs.every(({ state, retry_count: count }) => state === "completed" && Number(count) > 0);
    });
    expect(one.began()).toEqual(["a"]);
    await expect(one.queue.resume("t", { requestId: first, decisions: [] })).rejects.toMatchObject({
      code: "NOTHING_WAITS",
    });
    await one.queue.resume("t", [{ type: "approve" }]);
    await untilStatus(one, "t", "done");
    expect(one.began()).toEqual(["a", "b"]);
  });

  test("begins a turn later, and again and again", async () => {
    const one = await open();
    const at = new Date(Date.now() + 3_000);
    await one.queue.start("steps", "later", goalOf("work:a:10"), { at });
    await one.queue.start("steps", "often", goalOf("work:b:10"), { cron: "* * * * *" });
    await using _ = await inProcess(one.queue);
    await untilStatus(one, "later", "done");
    expect(one.notes()[0]?.at).toBeGreaterThanOrEqual(at.getTime());
    await untilStatus(one, "often", "done");
    await one.queue.cancel("often");
    expect(await one.sql("select 1 from pgboss.schedule where key = 'often'")).toEqual([]);
  });

  test("ends a request when its time is over, and asks for the same anew", async () => {
    const one = await open({ expiresAfter: "2s" });
    await one.queue.start("steps", "t", goalOf("pay:a:10"));
    await using _ = await inProcess(one.queue);
    await untilStatus(one, "t", "waiting");
    const first = (await one.queue.status("t"))?.request?.requestId;
    await until("another request waits", async () => {
      const { request } = (await one.queue.status("t")) ?? {};
      return request !== undefined && request.requestId !== first;
    });
    expect(one.began()).toEqual([]);
  });

  test("cancels what waits and what runs, wherever it runs", async () => {
    const one = await open();
    const worker = await one.startWorker();
    await one.queue.start("steps", "t", goalOf("work:a:20000", "work:b:10"));
    await one.queue.start("steps", "t", goalOf("work:c:10"));
    await until("a runs", () => one.began().includes("a"));
    await one.queue.cancel("t");
    await one.queue.start("steps", "t", goalOf("work:d:10"));
    await untilStatus(one, "t", "done");
    expect(one.notes().map(({ event, name }) => `${name} ${event}`)).toEqual([
      "a began",
      "d began",
      "d ended",
    ]);
    worker.send("SIGTERM");
    expect(await worker.ended).toBe(0);
  });

  test("changes a turn that runs elsewhere, and one that waits", async () => {
    const one = await open();
    const worker = await one.startWorker();
    await one.queue.start("steps", "t", goalOf("work:a:4000", "work:b:10", "work:c:10"));
    await until("a runs", () => one.began().includes("a"));
    await one.queue.steer("t", { type: "skip", stepId: "2" }, { by: "Ann" });
    await one.queue.start("steps", "u", goalOf("pay:d:10", "work:e:10"));
    await untilStatus(one, "u", "waiting");
    await one.queue.steer("u", { type: "skip", stepId: "1" });
    await untilIdle(one, "u");
    await untilIdle(one, "t");
    expect(one.began().filter((name) => "bd".includes(name))).toEqual([]);
    expect(await one.sql("select 1 from plan_execute_steering")).toEqual([]);
    expect(worker.complaints()).toBe("");
  });

  test("stores with the caller's own transaction, or not at all", async () => {
    const one = await open();
    const statements: string[] = [];
    const executeSql = async (text: string, values?: unknown[]) => {
      statements.push(text);
      if (statements.length > 2) {
        throw new Error("no more");
      }
      return { rows: await one.sql(`begin; ${""}`.slice(0, 0) + text, values) };
    };
    await expect(one.queue.start("steps", "t", "work:a:1", { db: { executeSql } })).rejects.toThrow(
      "no more",
    );
    expect(await one.sql("select 1 from pgboss.job where singleton_key = 't'")).toEqual([]);
  });

  test("serves tenants in turn, however much one of them has queued", async () => {
    const one = await open();
    for (let number = 0; number < 12; number += 1) {
      await one.queue.start("steps", `big ${number}`, goalOf(`work:big${number}:1`), { tenant: "big" });
    }
    for (let number = 0; number < 2; number += 1) {
      await one.queue.start("steps", `small ${number}`, goalOf(`work:small${number}:1`), { tenant: "small" });
    }
    await using _ = await inProcess(one.queue, 1);
    await until("all are begun", () => one.began().length === 14);
    const rest = Array.from({ length: 10 }, (_, number) => `big${number + 2}`);
    expect(one.began()).toEqual(["big0", "small0", "big1", "small1", ...rest]);
  });

  test("finds the jobs of a thread that wait, however many are over", async () => {
    const one = await open();
    await one.sql(
      `insert into pgboss.job (name, data, singleton_key, state, policy, created_on, completed_on)
        select 'plan-execute', '{}', 't', 'completed', 'singleton', now() - interval '1 minute', now()
        from generate_series(1, 2000)`,
    );
    await one.queue.start("steps", "t", goalOf("work:a:10"));
    expect((await one.queue.status("t"))?.jobs).toHaveLength(1);
    await one.queue.cancel("t");
    expect((await one.queue.status("t"))?.jobs).toEqual([]);
  });

  test("gives a thread up that its workers died of, and none whose job only came again and again", async () => {
    const one = await open();
    for (const thread of ["deadly", "unlucky"]) {
      await one.queue.start("steps", thread, goalOf("work:a:10"));
    }
    await one.sql("update pgboss.job set state = 'retry', retry_count = 30 where name = 'plan-execute'");
    await one.sql(
      `update plan_execute_threads set worker = 'dead', deaths = 19,
        job = (select id from pgboss.job where singleton_key = thread_id) where thread_id = 'deadly'`,
    );
    await using _ = await inProcess(one.queue);
    await untilStatus(one, "deadly", "failed");
    await untilStatus(one, "unlucky", "done");
    expect((await one.queue.status("deadly"))?.reason).toBe("20 workers died while they worked on this job.");
  });

  test("holds a tenant's runs to its limit over all workers", async () => {
    const one = await open();
    await Promise.all([one.startWorker({ runs: 2 }), one.startWorker({ runs: 2 })]);
    for (let number = 0; number < 8; number += 1) {
      await one.queue.start("steps", `t${number}`, goalOf(`work:n${number}:400`), { tenant: "one" });
    }
    await until("all are done", () => one.notes().filter(({ event }) => event === "ended").length === 8);
    let most = 0;
    let now = 0;
    for (const { event } of one.notes().toSorted((a, b) => a.at - b.at)) {
      now += event === "began" ? 1 : -1;
      most = Math.max(most, now);
    }
    expect(most).toBeLessThanOrEqual(2);
  });
});

describe("createQueue", () => {
  test("says what to install when pg-boss is missing, or is a version that does not serve", async () => {
    const missing = Object.assign(new Error("Cannot find package 'pg-boss'"), {
      code: "ERR_MODULE_NOT_FOUND",
    });
    const url = "postgres://postgres@127.0.0.1:1/none";
    await expect(createQueue({ url, load: () => Promise.reject(missing) })).rejects.toMatchObject({
      code: "PACKAGE_MISSING",
      message: expect.stringContaining("npm install pg-boss@12.38.0"),
    });
    // Before 11 the class was the module's default.
    await expect(createQueue({ url, load: async () => ({ default: class {} }) })).rejects.toMatchObject({
      code: "PACKAGE_MISSING",
    });
  });

  test("refuses what cannot be meant", async () => {
    await expect(createQueue({ url: "sqlite:threads.db" })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
    });
    const one = await open();
    await expect(one.queue.start("nobody", "t", "x")).rejects.toMatchObject({ code: "UNKNOWN_AGENT" });
    await expect(one.queue.resume("t", [])).rejects.toMatchObject({ code: "UNKNOWN_THREAD" });
    await expect(one.queue.work({ concurrency: 0 })).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
    await delay(0);
  });
});

/** A worker of this process for the time of a test. */
async function inProcess(queue: Awaited<ReturnType<typeof createQueue>>, concurrency = 5) {
  const worker = await queue.work({ concurrency });
  return {
    get running() {
      return worker.running;
    },
    [Symbol.asyncDispose]: () => worker.stop({ drainMs: 1_000 }),
  };
}
