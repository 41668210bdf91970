/**
 * What an audit log costs: `npx tsx bench/audit.ts`. It runs 200 direct steps whose tool does nothing, each with a
 * kilobyte of output, without events and with a log, by turns. Goal: less than 10 % of the time of the run.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createAuditLog, createCheckpointer, createPlanExecuteAgent } from "../src/index.js";
import { planCall, scriptedByRole } from "../test/support/scripted-model.js";

const STEPS = 200;
const ROUNDS = 45;

const nothing = tool(({ number }) => `${number} ${"lorem ipsum dolor sit amet ".repeat(38)}`, {
  name: "nothing",
  description: "Gives a kilobyte, each time another one.",
  schema: z.object({ number: z.number() }),
  metadata: { readOnly: true },
});
const steps = Array.from({ length: STEPS }, (_, index) => ({
  id: `s${index}`,
  description: `step ${index}`,
  tool: "nothing",
  args: { number: index },
  dependsOn: index === 0 ? [] : [`s${index - 1}`],
}));

interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly logBytes: number;
}

async function measure(url: string, path: string | undefined): Promise<Measured> {
  const { checkpointer, close } = await createCheckpointer(url);
  const log = path === undefined ? undefined : createAuditLog({ path });
  const agent = createPlanExecuteAgent({
    model: scriptedByRole({ planner: planCall(steps, `s${STEPS - 1}`) }),
    tools: [nothing],
    planner: { maxSteps: STEPS, actEarly: false },
    checkpointer,
    sinks: log === undefined ? [] : [log],
  });
  const cpu = process.cpuUsage();
  const started = performance.now();
  const { pastSteps } = await agent.invoke({ input: "go" }, { configurable: { thread_id: "1" } });
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  log?.close();
  await close();
  if (pastSteps.length !== STEPS) {
    throw new Error(`${pastSteps.length} of ${STEPS} steps`);
  }
  return { wallMs, cpuMs: (user + system) / 1_000, logBytes: path === undefined ? 0 : statSync(path).size };
}

/** The middle of the rounds, which neither a pause of the machine nor a lucky one moves. */
function middle(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const folder = mkdtempSync(join(tmpdir(), "plan-execute-bench-"));
const row = (...cells: readonly string[]) => console.log(cells.map((cell) => cell.padStart(16)).join(""));
row("checkpointer", "without ms", "with ms", "more", "CPU without", "CPU with", "more", "log kB");
for (const kind of ["memory", "sqlite"] as const) {
  const without: Measured[] = [];
  const withLog: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const url = (name: string) =>
      kind === "memory" ? "memory:" : `sqlite:${join(folder, `${name}${round}.db`)}`;
    const one = async () => without.push(await measure(url("a"), undefined));
    const other = async () => withLog.push(await measure(url("b"), join(folder, `${kind}${round}.jsonl`)));
    // Whoever comes second clears away what the first one left.
    for (const run of round % 2 === 0 ? [one, other] : [other, one]) {
      await run();
    }
  }
  const cells = (["wallMs", "cpuMs"] as const).flatMap((key) => {
    const [before = [], after = []] = [without, withLog].map((all) => all.slice(5).map((one) => one[key]));
    // Each round by itself: a machine's pace changes from minute to minute.
    const more = middle(after.map((ms, round) => ms / (before[round] ?? Number.NaN)));
    return [middle(before).toFixed(1), middle(after).toFixed(1), `${((more - 1) * 100).toFixed(1)} %`];
  });
  row(kind, ...cells, ((withLog.at(-1)?.logBytes ?? 0) / 1_000).toFixed(0));
}
rmSync(folder, { recursive: true });
