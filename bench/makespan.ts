/**
 * How much of a run is not the work's: `npx tsx bench/makespan.ts [milliseconds]`. AsyncHow's plans, each with its
 * critical path scaled to that time (600 ms unless told), through the whole agent, one after the other in one process,
 * with a model that answers at once; the first run is the process's first.
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

if (!hasCorpora())
  console.log("The corpora are not on this machine (../shared/data): there are no plans to run.");
else {
  const plans = readAsyncHow().filter(isWide).slice(0, PLANS);
  const ratios: number[] = [];
  for (const plan of plans) ratios.push((await run(plan)) / criticalPathMs);
  const [first = 0, ...others] = ratios;
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  console.log(
    `${ratios.length} plans of ${criticalPathMs} ms: ${mean.toFixed(3)} times the critical path on average; ` +
      `${first.toFixed(3)} the first, ${Math.max(...others).toFixed(3)} the worst of the others`,
  );
}

/** A plan in which something waits for two steps. */
function isWide({ steps }: AsyncHowPlan): boolean {
  return steps.length >= 4 && steps.some(({ dependsOn }) => dependsOn.length > 1);
}

async function run({ steps, criticalPathSeconds }: AsyncHowPlan): Promise<number> {
  const wait = tool(({ ms }) => delay(ms, "done"), {
    name: "wait",
    description: "Waits.",
    schema: z.object({ ms: z.number() }),
  });
  const planned = steps.map(({ id, dependsOn, seconds }) => {
    const ms = (seconds * criticalPathMs) / criticalPathSeconds;
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
  if (pastSteps.length !== steps.length) throw new Error(`${pastSteps.length} of ${steps.length} steps`);
  return ended - started;
}
