import fc from "fast-check";
import { hostileAnswer } from "../../test/support/hostile-answers.js";
import { runHostile } from "../../test/support/hostile-run.js";
import type { Chaos, ChaosCase } from "../chaos/case.js";

const CASES = { short: 60, long: 10_000 } as const;
/** How many cases are made at once: few, because they are large. */
const BATCH = 50;
/** How long two turns with up to ten model calls may take on a machine that others share. */
const MAX_MS = 60_000;

const methods = ["tool", "json", "text"] as const;
const policies = ["needed", "every-step"] as const;
const hostileCase = fc.record({
  method: fc.constantFrom(...methods),
  when: fc.constantFrom(...policies),
  answers: fc.array(hostileAnswer, { minLength: 1, maxLength: 4 }),
});

/** Planners and replanners that answer anything at all. Every run must end with a status, and soon. */
export const hostileAnswersCase: ChaosCase = {
  name: "hostile answers",
  async run({ seed, scale }: Chaos) {
    const wrong: string[] = [];
    let longestMs = 0;
    for (let first = 0; first < CASES[scale]; first += BATCH) {
      const numRuns = Math.min(BATCH, CASES[scale] - first);
      const batchSeed = seed * 1_000 + first / BATCH;
      for (const [index, hostile] of fc.sample(hostileCase, { numRuns, seed: batchSeed }).entries()) {
        const began = performance.now();
        const faults = await runHostile(hostile);
        const tookMs = performance.now() - began;
        longestMs = Math.max(longestMs, tookMs);
        if (tookMs > MAX_MS) {
          faults.push(`it took ${tookMs.toFixed(0)} ms`);
        }
        wrong.push(...faults.map((fault) => `case ${index} of batch ${batchSeed}: ${fault}`));
      }
    }
    console.log(`hostile answers: ${CASES[scale]} cases, the longest took ${longestMs.toFixed(0)} ms`);
    return [{ phase: "planner and replanner", tries: CASES[scale], lost: [], repeated: [], wrong }];
  },
};
