/**
 * How much PostgreSQL keeps of threads on the queue, turn by turn, with what the queue removes by itself and without:
 * `npx tsx bench/growth.ts [threads] [turns]`. Each turn has eight direct steps with 200 bytes of output each, whose
 * results are in the agent's store too. The tables are vacuumed before they are measured, as autovacuum does in time.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createPlanExecuteAgent, createStore } from "../src/index.js";
import { createQueue } from "../src/queue/index.js";
import { startPostgres } from "../test/support/postgres.js";
import { toColumns } from "./columns.js";

const [threads = 100, turns = 20] = process.argv.slice(2).map(Number);
const shown = [1, 2, 5, 10, 20].filter((turn) => turn <= turns);
const GROUPS = {
  checkpoints: "relname in ('checkpoints', 'checkpoint_blobs', 'checkpoint_writes')",
  "results in the store": "relname in ('store', 'store_vectors')",
  "rows of the queue": "relname like 'plan_execute%' and relname not like 'plan_execute_event%'",
  "events (7 days)": "relname like 'plan_execute_event%'",
  "jobs (an hour)": "relnamespace = to_regnamespace('pgboss')",
};

const output = tool(() => randomBytes(100).toString("hex"), {
  name: "output",
  description: "Gives 200 bytes.",
  schema: z.object({ number: z.number() }),
  metadata: { readOnly: true },
});
const steps = Array.from({ length: 8 }, (_, number) => ({ tool: "output", args: { number } }));

const postgres = await startPostgres();
const table: string[][] = [["kB a thread after turn", ...shown.map(String), "a further turn"]];
for (const checkpoints of [1, 0]) {
  const kept = await measure(checkpoints);
  for (const name of Object.keys(GROUPS)) {
    const values = kept.map((sizes) => (sizes[name] ?? 0) / threads / 1_000);
    const further =
      ((values.at(-1) ?? 0) - (values.at(-2) ?? 0)) / ((shown.at(-1) ?? 0) - (shown.at(-2) ?? 0));
    table.push([
      `${checkpoints === 1 ? "with" : "without"}: ${name}`,
      ...values.map((value) => value.toFixed(1)),
      further.toFixed(2),
    ]);
  }
}
console.log(`${threads} threads, ${turns} turns of 8 steps`);
console.log(toColumns(table, 1));
await postgres.stop();
process.exit();

/** Runs all turns. Returns the bytes of each group of tables after the turns that are shown. */
async function measure(checkpoints: number): Promise<Record<string, number>[]> {
  const url = await postgres.createDatabase();
  const store = await createStore(url);
  const agent = createPlanExecuteAgent({
    model: "offline",
    tools: [output],
    store: store.store,
    planner: { plan: () => ({ steps, answer: "{{8}}" }) },
  });
  const queue = await createQueue({ url, agents: { agent }, retention: { checkpoints } });
  const worker = await queue.work({ concurrency: 20 });
  const kept: Record<string, number>[] = [];
  for (let turn = 1; turn <= turns; turn += 1) {
    for (let thread = 0; thread < threads; thread += 1) {
      await queue.start("agent", `thread ${thread}`, "Give outputs.");
    }
    await untilIdle(url);
    if (shown.includes(turn)) {
      await postgres.query(url, "vacuum");
      kept.push(await sizes(url));
    }
  }
  await worker.stop();
  await queue.close();
  await store.close();
  return kept;
}

async function untilIdle(url: string): Promise<void> {
  for (;;) {
    const [row] = await postgres.query(
      url,
      "select count(*)::int as count from pgboss.job where state <= 'active'",
    );
    if (row?.count === 0) {
      return;
    }
    await delay(100);
  }
}

async function sizes(url: string): Promise<Record<string, number>> {
  const entries = Object.entries(GROUPS).map(async ([name, where]) => {
    const [row] = await postgres.query(
      url,
      `select coalesce(sum(pg_total_relation_size(oid)), 0) as bytes from pg_class where relkind = 'r' and ${where}`,
    );
    return [name, Number(row?.bytes)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
