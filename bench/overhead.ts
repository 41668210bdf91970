/**
 * What the agent costs beside the work: `npx tsx bench/overhead.ts`. It runs direct steps whose tool does nothing,
 * with a model that answers at once. Goals at 200 steps: 0.4 ms a step in memory, 0.7 ms with SQLite; at 1,000 at
 * most 1.5 times that; bytes linear.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createCheckpointer, createPlanExecuteAgent, type PlanStep } from "../src/index.js";
import { planCall, scriptedByRole } from "../test/support/scripted-model.js";

const ROUNDS = 7;

const nothing = tool(({ number }) => String(number).padEnd(1_000, "x"), {
  name: "nothing",
  description: "Gives a kilobyte, each time another one.",
  schema: z.object({ number: z.number() }),
  metadata: { readOnly: true },
});

/** Steps that stand side by side, or each after the one before. */
function toSteps(count: number, shape: "free" | "chain"): PlanStep[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `s${index}`,
    description: `step ${index}`,
    tool: "nothing",
    args: { number: index },
    dependsOn: shape === "chain" && index > 0 ? [`s${index - 1}`] : [],
  }));
}

/** Where a run's states are kept, if anywhere. */
type Store = "none" | "memory" | "sqlite";

interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly bytes: number;
}

/** One run on a store of its own. */
async function measure(count: number, shape: "free" | "chain", store: Store): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-bench-"));
  const url = store === "sqlite" ? `sqlite:${join(folder, "threads.db")}` : "memory:";
  const { checkpointer, close } = await createCheckpointer(url);
  const bytes = countBytes(checkpointer);
  const steps = toSteps(count, shape);
  const agent = createPlanExecuteAgent({
    model: scriptedByRole({ planner: planCall(steps, `s${count - 1}`) }),
    tools: [nothing],
    planner: { maxSteps: count },
    checkpointer: store === "none" ? undefined : checkpointer,
  });
  const cpu = process.cpuUsage();
  const started = performance.now();
  const { pastSteps } = await agent.invoke({ input: "go" }, { configurable: { thread_id: "1" } });
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  await close();
  rmSync(folder, { recursive: true });
  if (pastSteps.length !== count) {
    throw new Error(`${pastSteps.length} of ${count} steps`);
  }
  return { wallMs, cpuMs: (user + system) / 1_000, bytes: bytes() };
}

/** Counts the bytes that a checkpointer keeps, as its own serializer writes them. */
function countBytes({ serde }: Awaited<ReturnType<typeof createCheckpointer>>["checkpointer"]): () => number {
  let total = 0;
  const dumpsTyped = serde.dumpsTyped.bind(serde);
  serde.dumpsTyped = async (value: unknown) => {
    const dumped = await dumpsTyped(value);
    total += dumped[1].length;
    return dumped;
  };
  return () => total;
}

async function best(...args: Parameters<typeof measure>): Promise<Measured> {
  const rounds: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push(await measure(...args));
  }
  return rounds.reduce((left, right) => (right.cpuMs < left.cpuMs ? right : left));
}

const row = (...cells: readonly string[]) => console.log(cells.map((cell) => cell.padStart(14)).join(""));
// A process's first thousands of steps take up to twice as long, because code is compiled as it turns out to be
// needed.
for (const shape of ["free", "chain"] as const) {
  await best(1_000, shape, "memory");
}
row("shape", "store", "steps", "wall ms/step", "CPU ms/step", "kB", "kB/step");
for (const shape of ["free", "chain"] as const) {
  for (const store of ["none", "memory", "sqlite"] as const) {
    for (const count of [10, 100, 200, 500, 1_000]) {
      const { wallMs, cpuMs, bytes } = await best(count, shape, store);
      const each = [wallMs / count, cpuMs / count].map((ms) => ms.toFixed(3));
      row(
        shape,
        store,
        String(count),
        ...each,
        (bytes / 1_000).toFixed(0),
        (bytes / 1_000 / count).toFixed(2),
      );
    }
  }
}
