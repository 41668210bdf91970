/**
 * Lets many threads of several tenants run on worker processes over one PostgreSQL, kills workers all the while, and
 * lets one stand still for longer than its heartbeat: `npm run scale -- --threads 300 --workers 4 --kills 6`. One thread
 * in ten waits for a person. Exits with 1 unless no thread is lost, none is wrong, and nothing that had finished ran again.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { createCheckpointer, createPlanExecuteAgent } from "../src/index.js";
import { createQueue } from "../src/queue/index.js";
import { planReply, startOpenAiServer } from "../test/support/openai-server.js";
import { startPostgres } from "../test/support/postgres.js";
import { createRandom } from "./chaos/random.js";
import { toColumns } from "./columns.js";
import { countCalls, findFault } from "./scale/check-threads.js";
import { serverSeconds } from "./scale/server-cost.js";
import { prepareWorkers, type WorkerProcess } from "./scale/workers.js";
import { createAgent, stepsOf } from "./scale/world.js";

const { values: given } = parseArgs({
  options: {
    threads: { type: "string", default: "300" },
    tenants: { type: "string", default: "20" },
    workers: { type: "string", default: "4" },
    kills: { type: "string", default: "6" },
    concurrency: { type: "string", default: "20" },
    /** How long a model's answer takes, and about how long a step. */
    ms: { type: "string", default: "50" },
    /** How many runs of a tenant at once. */
    runs: { type: "string" },
    /** Seconds from one kill to the next. */
    every: { type: "string", default: "4" },
    seed: { type: "string", default: "1" },
    /** Whether a worker stands still for longer than its heartbeat. */
    freeze: { type: "string", default: "18" },
  },
});
const numbers = z.record(z.string(), z.coerce.number().min(0)).parse(given);
const { threads = 0, tenants = 0, workers: workerCount = 0, kills = 0, concurrency = 0, ms = 0 } = numbers;
const { every = 0, seed = 0, freeze = 0, runs } = numbers;

const MAX_MS = 120_000 + threads * 600;
const folder = await mkdtemp(join(tmpdir(), "plan-execute-scale-"));
const postgres = await startPostgres();
const url = await postgres.createDatabase();
const model = await startOpenAiServer(({ messages }) => {
  const goals = messages.flatMap(({ content }) => [...JSON.stringify(content).matchAll(/thread (\d+)/g)]);
  return {
    ...planReply(stepsOf(Number(goals.at(-1)?.[1])), "{{8.total}}"),
    pace: async (sent) => delay(sent === 0 ? ms : 0),
  };
});
Object.assign(process.env, model.environment);
const workers = await prepareWorkers({ url, concurrency, stepMs: ms, runs }, folder, model.environment);
const kept = await createCheckpointer(url);
const agent = createAgent(join(folder, "none.jsonl"), ms);
/** Reads the threads as anybody does. */
const reader = createPlanExecuteAgent({ tools: [], checkpointer: kept });
const queue = await createQueue({ url, agents: { sums: agent } });
const nameOf = (number: number) => `thread ${number}`;
const takeovers: number[] = [];

try {
  const began = performance.now();
  const live = await Promise.all(Array.from({ length: workerCount }, () => workers.start()));
  const started = performance.now();
  const over = new AbortController();
  const adding = addAll();
  const person = decide(over.signal);
  const killer = kill(live, over.signal);
  await adding;
  const added = performance.now();
  const isDone = await allDone();
  const left = isDone ? [] : await whatIsLeft();
  const ended = performance.now();
  over.abort();
  await Promise.all([person, killer]);
  const codes = await Promise.all(live.map((worker) => worker.end()));
  const lines = await report();
  console.log(
    `${threads} threads of 8 steps, ${tenants} tenants, ${workerCount} workers of ${concurrency}, ${kills} kills, seed ${seed}:`,
  );
  console.log(
    `workers ready after ${seconds(began, started)} s, all threads queued after ${seconds(started, added)} s`,
  );
  console.log(
    `${isDone ? "all done" : "NOT all done"} after ${seconds(started, ended)} s: ${(threads / ((ended - started) / 1_000)).toFixed(1)} threads a second`,
  );
  console.log([...lines, ...left].join("\n"));
  if (codes.some((code) => code !== 0)) {
    console.log(`workers ended with ${codes.join(", ")}`);
    process.exitCode = 1;
  }
} finally {
  await workers.close();
  await queue.close();
  await kept.close();
  await model.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
// The server's package ends the process with 0 otherwise.
process.exit(process.exitCode);

async function addAll(): Promise<void> {
  const left = Array.from({ length: threads }, (_, number) => number);
  const add = async () => {
    for (let number = left.shift(); number !== undefined; number = left.shift()) {
      await queue.start("sums", nameOf(number), `Do thread ${number}.`, {
        tenant: `tenant ${number % tenants}`,
      });
    }
  };
  await Promise.all([add(), add()]);
}

async function allDone(): Promise<boolean> {
  const lastTry = performance.now() + MAX_MS;
  while (performance.now() < lastTry) {
    const [row] = await sql(
      "select count(*)::int as count from plan_execute_threads where status in ('done', 'failed', 'incomplete', 'refused')",
    );
    if (row?.count === threads) {
      return true;
    }
    await delay(300);
  }
  return false;
}

/** The person: approves whatever waits, as soon as it is seen. */
async function decide(signal: AbortSignal): Promise<void> {
  const decided = new Set<unknown>();
  while (!signal.aborted) {
    const waiting = await sql(
      "select thread_id, request_id from plan_execute_threads where status = 'waiting'",
    );
    for (const { thread_id: threadId, request_id: requestId } of waiting) {
      if (!decided.has(requestId)) {
        decided.add(requestId);
        await queue.resume(String(threadId), [{ type: "approve" }]);
      }
    }
    await delay(300, undefined, { signal }).catch(() => {});
  }
}

/** Kills a worker every few seconds and starts another one. One stands still meanwhile. */
async function kill(live: WorkerProcess[], signal: AbortSignal): Promise<void> {
  const random = createRandom(seed, "kills");
  const watches: Promise<void>[] = [];
  for (let count = 0; count < kills && !signal.aborted; count += 1) {
    await delay(every * 1_000 * (0.5 + random()), undefined, { signal }).catch(() => {});
    const index = Math.floor(random() * live.length);
    const victim = live[index];
    if (signal.aborted || victim === undefined) {
      break;
    }
    watches.push(watchTakeover(victim.name, signal));
    if (count === 1 && freeze > 0) {
      victim.send("SIGSTOP");
      watches.push(
        delay(freeze * 1_000).then(() => {
          victim.send("SIGCONT");
        }),
      );
      // It lives on, and is not killed: what it still writes shows.
      live.splice(index, 1);
      live.unshift(victim);
      continue;
    }
    victim.send("SIGKILL");
    live[index] = await workers.start();
  }
  await Promise.all(watches);
}

/** Measures how long it takes until others work on what a worker had. */
async function watchTakeover(name: string, signal: AbortSignal): Promise<void> {
  const at = performance.now();
  const had = await sql(
    `select job.id, job.retry_count from pgboss.job join plan_execute_threads on job = job.id
      where state = 'active' and worker = $1`,
    [name],
  );
  const counts = new Map(had.map(({ id, retry_count: count }) => [id, Number(count)]));
  while (counts.size > 0 && !signal.aborted) {
    const now = await sql(
      "select id, retry_count, state::text from pgboss.job where id = any($1) and state in ('active', 'completed')",
      [[...counts.keys()]],
    );
    for (const { id, retry_count: count, state } of now) {
      if (Number(count) > (counts.get(id) ?? 0)) {
        takeovers.push((performance.now() - at) / 1_000);
        counts.delete(id);
      } else if (state === "completed") {
        counts.delete(id);
      }
    }
    await delay(250);
  }
}

async function report(): Promise<string[]> {
  const faults = [];
  const finals = new Set<string>();
  for (let number = 0; number < threads; number += 1) {
    const config = { configurable: { thread_id: nameOf(number) } };
    faults.push(await findFault(() => reader.getState(config), number, finals));
  }
  const found = faults.flatMap((fault) => fault ?? []);
  const lost = found.filter(({ kind }) => kind === "lost").length;
  const { calls, repeated, repeatedFinished } = countCalls(folder, finals);
  const waits = await sql(
    `select group_id as tenant,
        percentile_cont(0.5) within group (order by extract(epoch from started_on - created_on)) as p50,
        percentile_cont(0.99) within group (order by extract(epoch from started_on - created_on)) as p99
      from pgboss.job where name = 'plan-execute' and data ->> 'kind' = 'turn' and retry_count = 0
      group by group_id order by group_id`,
  );
  const p99 = waits.map(({ p99 }) => Number(p99)).sort((a, b) => a - b);
  const [server] = await sql(
    `select pid, xact_commit as commits from pg_stat_activity, pg_stat_database
      where backend_type = 'checkpointer' and pg_stat_database.datname = current_database()`,
  );
  const ofServer = { seconds: serverSeconds(Number(server?.pid)), commits: Number(server?.commits) };
  const sizes = await sql(
    `select relname as name, pg_total_relation_size(oid) as bytes from pg_class
      where relkind = 'r' and (relname like 'checkpoint%' or relname like 'plan_execute%' or relnamespace = 'pgboss'::regnamespace)
      order by 2 desc limit 8`,
  );
  process.exitCode = found.length + repeatedFinished > 0 ? 1 : process.exitCode;
  const sorted = takeovers.toSorted((a, b) => a - b);
  return [
    `takeover: ${sorted.length} runs, p50 ${at(sorted, 0.5)} s, longest ${at(sorted, 1)} s`,
    `tool calls: ${calls}, repeated ${repeated}, of those that had finished ${repeatedFinished}; model calls: ${model.requests.length}`,
    `lost ${lost}, wrong ${found.length - lost}`,
    ...found.slice(0, 10).map(({ message }) => `  ${message}`),
    `PostgreSQL, for each thread: ${((ofServer.seconds / threads) * 1_000).toFixed(0)} ms of a core, ${(ofServer.commits / threads).toFixed(0)} transactions`,
    `queue wait: p99 of tenants from ${at(p99, 0)} to ${at(p99, 1)} s`,
    toColumns(
      waits.map(({ tenant, p50, p99 }) => [
        String(tenant),
        `p50 ${Number(p50).toFixed(1)} s`,
        `p99 ${Number(p99).toFixed(1)} s`,
      ]),
      1,
    ),
    toColumns(
      sizes.map(({ name, bytes }) => [String(name), `${(Number(bytes) / 1e6).toFixed(1)} MB`]),
      1,
    ),
    `complaints: ${workers.complaints().length}`,
    ...[...new Set(workers.complaints().map((line) => line.replace(/thread \d+/g, "thread N")))]
      .slice(0, 12)
      .map((line) => `  ${line}`),
  ];
}

/** What the database says of threads that are not done. */
async function whatIsLeft(): Promise<string[]> {
  const rows = await sql(
    `select t.thread_id, t.status, t.worker, t.token, j.state::text, j.retry_count, j.started_on, j.heartbeat_on, j.start_after, now(),
        (select string_agg(a.application_name || ' ' || a.state || ' ' || a.query, '; ') from pg_stat_activity a where a.application_name = t.worker) as sessions
      from plan_execute_threads t left join pgboss.job j on j.singleton_key = t.thread_id and j.state <> 'completed'
      where t.status <> 'done' limit 5`,
  );
  return rows.map((row) => JSON.stringify(row));
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1);
}

function seconds(from: number, to: number): string {
  return ((to - from) / 1_000).toFixed(1);
}

function sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  return postgres.query(url, text, values);
}
