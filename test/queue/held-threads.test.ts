import { emptyCheckpoint } from "@langchain/langgraph-checkpoint";
import { expect, test } from "vitest";
import { createCheckpointer } from "../../src/checkpoint/index.js";
import { HeldThreads } from "../../src/queue/held-threads.js";
import { goalOf } from "./agent.js";
import { withQueues } from "./set-up.js";

const open = withQueues();

test("a job has begun when a checkpoint is stored, and not by what tasks and graphs inside wrote before it", async () => {
  const { queue, url, sql } = await open();
  await queue.start("steps", "t", goalOf("work:a:1"));
  const [{ id } = {}] = await sql("select id from pgboss.job where singleton_key = 't'");
  const job = {
    id: String(id),
    data: null,
    priority: 0,
    retryCount: 0,
    signal: new AbortController().signal,
  };
  const begun = async () => (await sql("select begun, job from plan_execute_threads"))[0];
  const opened = await createCheckpointer(url);
  const db = { executeSql: async (text: string, values?: unknown[]) => ({ rows: await sql(text, values) }) };
  const held = new HeldThreads(opened, db, { worker: "w", beforeWrite: async () => {} });
  const taken = await held.take({ threadId: "t", kind: "turn" }, job, job.signal);

  const checkpoint = emptyCheckpoint();
  const before = { configurable: { thread_id: "t", checkpoint_ns: "", checkpoint_id: checkpoint.id } };
  await opened.checkpointer.putWrites(before, [["input", "go"]], "task");
  const inside = { configurable: { thread_id: "t", checkpoint_ns: "worker:1" } };
  const metadata = { source: "input", step: -1, parents: {} } as const;
  await opened.checkpointer.put(inside, emptyCheckpoint(), metadata, {});
  expect(await begun()).toEqual({ begun: null, job: id });
  const config = { configurable: { thread_id: "t", checkpoint_ns: "" } };
  await opened.checkpointer.put(config, checkpoint, metadata, {});
  expect(await begun()).toEqual({ begun: id, job: id });

  await taken?.release();
  await expect(opened.checkpointer.putWrites(before, [["input", "late"]], "other")).rejects.toThrow(
    "another worker has taken the thread over",
  );
  await opened.close();
});
