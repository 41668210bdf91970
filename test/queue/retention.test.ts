import { describe, expect, test } from "vitest";
import { goalOf } from "./agent.js";
import { type TestQueue, untilIdle, untilStatus, withQueues } from "./set-up.js";

const open = withQueues();
const TABLES = [
  "plan_execute_threads",
  "checkpoints",
  "checkpoint_blobs",
  "checkpoint_writes",
  "plan_execute_events",
  "plan_execute_event_counters",
] as const;

describe.concurrent("the queue's retention", { timeout: 120_000 }, () => {
  test("keeps one checkpoint of a thread after a turn, or as many as it is told, and the thread goes on", async () => {
    const [few, all] = await Promise.all([open(), open({ retention: { checkpoints: 0 } })]);
    for (const one of [few, all]) {
      const worker = await one.queue.work();
      for (const name of ["a", "b"]) {
        await one.queue.start("steps", "t", goalOf(`work:${name}:1`, `pay:${name}:1`));
        await untilStatus(one, "t", "waiting");
        await one.queue.resume("t", [{ type: "approve" }]);
        await untilStatus(one, "t", "done");
        await untilIdle(one, "t");
      }
      await worker.stop();
      expect(one.began()).toEqual(["a", "a", "b", "b"]);
      expect((await one.queue.status("t"))?.response).toContain("It ended with b");
    }
    expect(await count(few, "checkpoints", "t")).toBe(1);
    expect(await count(all, "checkpoints", "t")).toBeGreaterThan(6);
  });

  test("removes threads that are old, and none that waits, has work, or changed since", async () => {
    const one = await open({ retention: { threadDays: 30 } });
    const worker = await one.queue.work();
    await one.queue.start("steps", "old", goalOf("work:a:1"));
    await one.queue.start("steps", "young", goalOf("work:b:1"));
    await one.queue.start("steps", "waits", goalOf("pay:c:1"));
    await one.queue.start("steps", "works", goalOf("work:d:1"));
    await untilStatus(one, "waits", "waiting");
    for (const thread of ["old", "young", "works", "waits"]) {
      await untilIdle(one, thread);
    }
    await worker.stop();
    await one.queue.start("steps", "works", goalOf("work:e:1"));
    await one.queue.start("steps", "later", goalOf("work:f:1"), { cron: "0 0 1 1 *" });
    await one.sql(
      "update plan_execute_threads set changed_at = now() - interval '31 days' where thread_id <> 'young'",
    );
    expect(await one.queue.sweep()).toBe(1);
    for (const table of TABLES) {
      expect([table, await count(one, table, "old")]).toEqual([table, 0]);
    }
    const left = await one.sql("select thread_id from plan_execute_threads order by 1");
    expect(left.map(({ thread_id: id }) => id)).toEqual(["later", "waits", "works", "young"]);
    expect(await one.queue.status("old")).toBeUndefined();
    expect(await count(one, "checkpoints", "waits")).toBeGreaterThan(0);
  });

  test("removes what the days before have left, and no tenant loses its place", async () => {
    const one = await open({ retention: { eventDays: 2 } });
    const worker = await one.queue.work();
    await one.queue.start("steps", "t", goalOf("work:a:1"), { tenant: "served" });
    await untilStatus(one, "t", "done");
    await untilIdle(one, "t");
    await worker.stop();
    await one.queue.start("steps", "u", goalOf("work:b:1"), { tenant: "waits" });
    await one.queue.start("steps", "v", goalOf("work:c:1"), { tenant: "waits" });
    await one.sql(
      "insert into plan_execute_spending (tenant, day) values ('x', current_date - 50), ('x', current_date)",
    );
    await one.sql("insert into plan_execute_pace values ('x', now() - interval '2 days'), ('y', now())");
    await one.sql("update plan_execute_events set at = now() - interval '3 days'");
    expect(await one.queue.sweep()).toBe(0);
    expect(await count(one, "plan_execute_events", "t")).toBe(0);
    expect(await one.sql("select 1 from plan_execute_spending")).toHaveLength(1);
    expect(await one.sql("select provider from plan_execute_pace")).toEqual([{ provider: "y" }]);
    const tenants = await one.sql("select tenant from plan_execute_tenants where tenant <> ''");
    expect(tenants).toEqual([{ tenant: "waits" }]);
  });

  test("refuses what cannot be meant", async () => {
    await expect(open({ retention: { checkpoints: -1 } })).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
    await expect(open({ retention: { threadDays: 0 } })).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
  });
});

async function count({ sql }: TestQueue, table: (typeof TABLES)[number], thread: string): Promise<number> {
  const [row] = await sql(`select count(*)::int as count from ${table} where thread_id = $1`, [thread]);
  return Number(row?.count);
}
