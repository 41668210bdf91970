import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createCheckpointer, createPlanExecuteAgent } from "../../src/index.js";
import { type Script, ScriptedModel } from "../../test/support/scripted-model.js";
import type { Chaos, ChaosCase, ChaosRow } from "../chaos/case.js";
import { slopeOf, usedBytes } from "./memory.js";

const THREADS = { short: 60, long: 1_000 } as const;
const AT_ONCE = 50;
const STEPS = 10;
/** The part of the threads after which memory must not grow any more. */
const WARM_UP = 0.4;
/**
 * Kilobytes a thread by which memory may still grow after that, because database drivers and the allocator have
 * caches.
 */
const MAX_GROWTH_KB = 20;

/** Many threads in one process, many at a time. None may be lost, and none mixed up with another. */
export const manyThreadsCase: ChaosCase = {
  name: "many threads",
  async run(chaos: Chaos) {
    const sqlite = await soak("sqlite", `sqlite:${join(chaos.folder, "threads.db")}`, chaos);
    const postgres = await soak("postgres", await chaos.postgres.createDatabase(), chaos);
    return [sqlite, postgres];
  },
};

async function soak(phase: string, url: string, { scale }: Chaos): Promise<ChaosRow> {
  const { checkpointer, close } = await createCheckpointer(url);
  const model = new ScriptedModel(script);
  const calls = new Map<string, number>();
  const agent = createPlanExecuteAgent({ model, tools: [createMark(calls)], checkpointer });
  const threads = Array.from({ length: THREADS[scale] }, (_, index) => `thread-${index}`);
  const lost: string[] = [];
  const wrong: string[] = [];
  const memory: [number, number][] = [];
  const began = performance.now();
  let done = 0;
  const waiting = threads.values();
  const work = async () => {
    for (const thread of waiting) {
      const config = { configurable: { thread_id: thread } };
      await agent
        .invoke({ input: `do ${thread}.` }, config)
        .catch((error) => lost.push(`${thread}: ${error}`));
      done += 1;
      if (done % 20 === 0) {
        model.forget();
        memory.push([done, usedBytes()]);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const seconds = (performance.now() - began) / 1_000;
  // Only what was stored counts, not what the process still knows.
  for (const thread of threads) {
    const { values } = await agent.getState({ configurable: { thread_id: thread } });
    const found = stateSchema.safeParse(values);
    if (!found.success) {
      lost.push(`${thread} has no result`);
    } else {
      wrong.push(...faultsOf(thread, found.data));
    }
  }
  await close();
  const late = memory.filter(([count]) => count >= threads.length * WARM_UP);
  const growthKb = slopeOf(late) / 1_000;
  console.log(
    `many threads, ${phase}: ${threads.length} of ${STEPS} steps, ${AT_ONCE} at a time, ` +
      `${seconds.toFixed(1)} s; memory grows by ${growthKb.toFixed(1)} kB a thread after warm-up`,
  );
  if (scale === "long" && growthKb > MAX_GROWTH_KB) {
    wrong.push(`memory grows by ${growthKb} kB a thread`);
  }
  return { phase, tries: threads.length, lost, repeated: repeatedIn(calls), wrong };
}

const stateSchema = z.object({
  status: z.string(),
  response: z.string(),
  pastSteps: z.array(z.object({ id: z.string(), output: z.unknown() })),
});

function faultsOf(
  thread: string,
  { status, response, pastSteps }: z.infer<typeof stateSchema>,
): readonly string[] {
  const steps = Array.from({ length: STEPS }, (_, index) => `${thread}/${index}`);
  const outputs = pastSteps.map(({ output }) => output);
  return [
    ...(status === "done" ? [] : [`${thread} ended ${status}`]),
    ...(response === `answer of ${thread}` ? [] : [`${thread} got "${response}"`]),
    ...steps.flatMap((step) => (outputs.includes(step) ? [] : [`${thread} has no output ${step}`])),
    ...(outputs.length === STEPS ? [] : [`${thread} has ${outputs.length} outputs`]),
  ];
}

/** A tool that counts its calls, and returns its argument after a turn of the event loop. */
function createMark(calls: Map<string, number>) {
  return tool(
    async ({ thread, step }) => {
      const call = `${thread}/${step}`;
      calls.set(call, (calls.get(call) ?? 0) + 1);
      await nextTurn();
      return call;
    },
    {
      name: "mark",
      description: "marks a step",
      schema: z.object({ thread: z.string(), step: z.number() }),
      metadata: { readOnly: true },
    },
  );
}

const script: Script = (messages, tools) => {
  const thread = /thread-\d+/.exec(messages.map(({ text }) => text).join("\n"))?.[0] ?? "nobody";
  if (tools.length === 0) {
    return `answer of ${thread}`;
  }
  const steps = Array.from({ length: STEPS }, (_, step) => ({
    id: `s${step}`,
    tool: "mark",
    args: { thread, step },
    dependsOn: step < 3 ? [] : [`s${step - 3}`],
  }));
  return [{ name: "plan", args: { steps } }];
};

/** Calls that were made more than once. */
function repeatedIn(calls: ReadonlyMap<string, number>): string[] {
  return [...calls].flatMap(([call, count]) => (count > 1 ? [`${call} was made ${count} times`] : []));
}
