/**
 * How much of a run is overhead: `npx tsx bench/makespan.ts [milliseconds]`. It runs AsyncHow's plans through the
 * whole agent, one after the other in one process, with a model that answers at once. Each plan's critical path is
 * scaled to that time (600 ms by default). The first run is also the process's first. Each run is compared with its
 * critical path, and with the same plan in bare promises just before it, because timers are late by a twentieth on
 * some machines. The last line leaves out what the same plan takes with steps of no time: what a barrier would cost
 * grows with the steps, what the agent itself costs does not.
 */
import { setTimeout as delay } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createPlanExecuteAgent } from "../src/index.js";
import { planCall, scriptedByRole } from "../test/support/scripted-model.js";
import { type AsyncHowPlan, readAsyncHow } from "./corpora/asynchow.js";
import { hasCorpora } from "./corpora/corpus.js";

const PLANS = 40;
const criticalPathMs = Number(process.argv[2] ?? 600);

if (!hasCorpora()) {
  console.log("The corpora are not on this machine (../shared/data): there are no plans to run.");
} else {
  const plans = readAsyncHow().filter(isWide).slice(0, PLANS);
  const toPath: number[] = [];
  const toBare: number[] = [];
  const withoutOwn: number[] = [];
  for (const plan of plans) {
    const ownMs = await run(plan, 0);
    const bareMs = await runBare(plan);
    const ms = await run(plan, criticalPathMs);
    toPath.push(ms / criticalPathMs);
    toBare.push(ms / bareMs);
    withoutOwn.push((ms - ownMs) / bareMs);
  }
  console.log(`${plans.length} plans of ${criticalPathMs} ms`);
  console.log(`to the critical path: ${describe(toPath)}`);
  console.log(`to bare promises: ${describe(toBare)}`);
  console.log(`without its own cost: ${describe(withoutOwn)}`);
}

function describe(ratios: readonly number[]): string {
  const [first = 0, ...others] = ratios;
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  return `${mean.toFixed(3)} on average; ${first.toFixed(3)} the first; worst of the others ${Math.max(...others).toFixed(3)}`;
}

/** Runs the plan with bare promises: the time that the work takes on this machine, at this moment. */
async function runBare({ steps, criticalPathSeconds }: AsyncHowPlan): Promise<number> {
  const ended = new Map<string, Promise<unknown>>();
  const startedAt = performance.now();
  const end = (id: string): Promise<unknown> => {
    const before = ended.get(id);
    const step = steps.find((one) => one.id === id);
    if (before !== undefined || step === undefined) {
      return before ?? Promise.resolve();
    }
    const ms = (step.seconds * criticalPathMs) / criticalPathSeconds;
    const own = Promise.all(step.dependsOn.map(end)).then(() => delay(ms));
    ended.set(id, own);
    return own;
  };
  await Promise.all(steps.map(({ id }) => end(id)));
  return performance.now() - startedAt;
}

/** A plan in which a step waits for two others. */
function isWide({ steps }: AsyncHowPlan): boolean {
  return steps.length >= 4 && steps.some(({ dependsOn }) => dependsOn.length > 1);
}

async function run({ steps, criticalPathSeconds }: AsyncHowPlan, pathMs: number): Promise<number> {
  const wait = tool(({ ms }) => delay(ms, "done"), {
    name: "wait",
    description: "Waits.",
    schema: z.object({ ms: z.number() }),
  });
  const planned = steps.map(({ id, dependsOn, seconds }) => {
    const ms = (seconds * pathMs) / criticalPathSeconds;
    return { id, description: "wait", tool: "wait", args: { ms }, dependsOn };
  });
  const agent = createPlanExecuteAgent({
    model: scriptedByRole({ planner: planCall(planned), replanner: "done" }),
    tools: [wait],
    planner: { maxSteps: steps.length },
    executor: { concurrency: steps.length },
  });
  const started = performance.now();
  const { pastSteps } = await agent.invoke({ input: "go" });
  const ended = performance.now();
  if (pastSteps.length !== steps.length) {
    throw new Error(`${pastSteps.length} of ${steps.length} steps`);
  }
  return ended - started;
}
