/**
 * How much a thread keeps over its turns, with and without trimming after each: `npx tsx bench/retention.ts [turns]`.
 * Each turn has ten direct steps with a kilobyte of output each. It measures SQLite (the file) and a real PostgreSQL
 * (its tables, vacuumed after each turn, as autovacuum does in time), then both once more with encryption.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import {
  createCheckpointer,
  createEncryptedSerializer,
  createPlanExecuteAgent,
  type OpenCheckpointer,
  trimThread,
} from "../src/index.js";
import { startPostgres } from "../test/support/postgres.js";
import { planCall, scriptedByRole } from "../test/support/scripted-model.js";

const turns = Number(process.argv[2] ?? 100);
const shown = [1, 2, 5, 10, 25, 50, 100, 200].filter((turn) => turn <= turns);
const steps = Array.from({ length: 10 }, (_, index) => ({
  id: `s${index}`,
  tool: "kilobyte",
  args: { number: index },
}));
const kilobyte = tool(() => randomBytes(500).toString("hex"), {
  name: "kilobyte",
  description: "Gives a kilobyte.",
  schema: z.object({ number: z.number() }),
  metadata: { readOnly: true },
});
const thread = { configurable: { thread_id: "1" } };

async function measure(url: string, bytes: () => Promise<number>, keep?: number, encrypted = false) {
  const keys = [{ id: "bench", key: randomBytes(32) }];
  const opened = await createCheckpointer(
    url,
    encrypted ? { serializer: createEncryptedSerializer({ keys }) } : {},
  );
  const agent = createPlanExecuteAgent({
    model: scriptedByRole({ planner: planCall(steps, "s9") }),
    tools: [kilobyte],
    checkpointer: opened.checkpointer,
  });
  const cells: string[] = [];
  let trimMs = 0;
  for (let turn = 1; turn <= turns; turn += 1) {
    await agent.invoke({ input: "go" }, thread);
    const started = performance.now();
    if (keep !== undefined) {
      await trimThread(opened, "1", { keep });
    }
    trimMs += performance.now() - started;
    await settle(opened);
    if (!shown.includes(turn)) {
      continue;
    }
    cells.push(String(Math.round((await bytes()) / 1_000)));
  }
  await opened.close();
  return [...cells, keep === undefined ? "" : (trimMs / turns).toFixed(1)];
}

/** Lets the database clean up what was written and removed. */
async function settle({ checkpointer, kind }: OpenCheckpointer): Promise<void> {
  const inner: unknown = Reflect.get(checkpointer, kind === "sqlite" ? "db" : "pool");
  if (!(inner instanceof Object)) {
    throw new Error("no database");
  }
  const act: unknown = Reflect.get(inner, kind === "sqlite" ? "pragma" : "query");
  if (typeof act !== "function") {
    throw new Error("no database");
  }
  await act.call(inner, kind === "sqlite" ? "wal_checkpoint(truncate)" : "vacuum");
}

const folder = mkdtempSync(join(tmpdir(), "plan-execute-bench-"));
const postgres = await startPostgres();
const probe = async (url: string) => {
  const { checkpointer, close } = await createCheckpointer(url);
  const pool: unknown = Reflect.get(checkpointer, "pool");
  if (!(pool instanceof Object) || !("query" in pool) || typeof pool.query !== "function") {
    throw new Error("no pool");
  }
  const tables = "'checkpoints', 'checkpoint_blobs', 'checkpoint_writes'";
  const query = pool.query.bind(pool);
  const sum = `select sum(pg_total_relation_size(oid)) as bytes from pg_class where relname in (${tables})`;
  const bytes = async () => Number((await query(sum)).rows[0].bytes);
  return { bytes, close };
};

const row = (cells: readonly string[]) => console.log(cells.map((cell) => cell.padStart(10)).join(""));
row(["kB after", "keep", "turn:", ...shown.map(String), "trim ms"]);
for (const [keep, encrypted] of [
  [undefined, false],
  [1, false],
  [10, false],
  [undefined, true],
  [1, true],
] as const) {
  const label = [keep === undefined ? "all" : String(keep), encrypted ? "encrypted" : ""];
  const file = join(folder, `${label.join("-")}.db`);
  row([
    "sqlite",
    ...label,
    ...(await measure(`sqlite:${file}`, async () => statSync(file).size, keep, encrypted)),
  ]);
  const url = await postgres.createDatabase();
  const { bytes, close } = await probe(url);
  row(["postgres", ...label, ...(await measure(url, bytes, keep, encrypted))]);
  await close();
}
await postgres.stop();
rmSync(folder, { recursive: true });
