/**
 * What many runs leave on the heap: `node --expose-gc --import tsx bench/heap.ts`. The runs have three direct steps
 * and no checkpointer, so that nothing is kept on purpose. They share one signal, as a server's runs do. The heap is
 * measured after a collection. Goal: after 10,000 runs, within 1 kB a run of the value after 1,000. `npm run chaos`
 * covers runs with agent steps and for-each steps, half of them cancelled.
 */
import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { createPlanExecuteAgent } from "../src/index.js";
import { planCall, scriptedByRole } from "../test/support/scripted-model.js";
import { liveHeapBytes } from "./soak/memory.js";

const FIRST_RUNS = 1_000;
const ALL_RUNS = 10_000;
/** The scripted model logs its prompts, which are no part of a run. So the log is emptied after this many runs. */
const RUNS_OF_A_LOG = 100;

const echo = tool(({ text }) => text, {
  name: "echo",
  description: "Gives back its text.",
  schema: z.object({ text: z.string() }),
  metadata: { readOnly: true },
});
const steps = [
  { id: "one", description: "one", tool: "echo", args: { text: "one" } },
  { id: "two", description: "two", tool: "echo", args: { text: "{{one}}, two" } },
  { id: "three", description: "three", tool: "echo", args: { text: "{{two}}, three" } },
];
const model = scriptedByRole({ planner: planCall(steps, "three") });
const agent = createPlanExecuteAgent({ model, tools: [echo] });
const { signal } = new AbortController();

async function heapAfter(from: number, to: number): Promise<number> {
  for (let index = from; index < to; index += 1) {
    const { response } = await agent.invoke({ input: `run ${index}` }, { signal });
    if (response !== "one, two, three") {
      throw new Error(`Run ${index} answered "${response}".`);
    }
    if (index % RUNS_OF_A_LOG === 0) {
      model.forget();
    }
  }
  model.forget();
  return liveHeapBytes();
}

const first = await heapAfter(0, FIRST_RUNS);
const all = await heapAfter(FIRST_RUNS, ALL_RUNS);
const bytesPerRun = Math.round((all - first) / (ALL_RUNS - FIRST_RUNS));
const inMegabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(2)} MB`;
console.log(
  `heap after ${FIRST_RUNS} runs ${inMegabytes(first)}, after ${ALL_RUNS} runs ${inMegabytes(all)}: ${bytesPerRun} bytes a run`,
);
