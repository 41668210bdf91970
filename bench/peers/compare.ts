import { architectures } from "./architectures/index.js";
import { type GoalResult, judge } from "./goals.js";
import { startServer } from "./model/start-server.js";
import { type Results, runAll } from "./run-all.js";
import type { Measured } from "./run-one.js";
import { summarize, type WorkSummary } from "./summary.js";
import type { Work } from "./work.js";
import { hotpotQa } from "./works/compiler-shapes.js";

/** How the comparison is run. */
export interface ComparisonOptions {
  readonly works: readonly Work[];
  /** Seconds of the clock for a second of the cost model. */
  readonly scale: number;
  readonly sideBySide: number;
  onDone?(measured: Measured): void;
}

/** All results. */
export interface Comparison {
  readonly results: Results;
  readonly works: readonly WorkSummary[];
  readonly goals: readonly GoalResult[];
}

/**
 * Runs every architecture on every work, after a round that only warms the process up. Throws if an answer is wrong.
 */
export async function compare({ works, scale, sideBySide, onDone }: ComparisonOptions): Promise<Comparison> {
  const server = await startServer(scale);
  try {
    const measurement = { architectures, server, scale, sideBySide };
    await runAll({ ...measurement, works: [hotpotQa], onDone: () => {} });
    const results = await runAll({ ...measurement, works, onDone: (measured) => onDone?.(measured) });
    for (const { isRight, work, architecture, models, answer } of results.measured) {
      if (!isRight) {
        throw new Error(`${work}: ${architecture} on the ${models} model answered "${answer}".`);
      }
    }
    const summaries = works.map((work) => summarize(work, results.measured, architectures));
    return { results, works: summaries, goals: judge(summaries) };
  } finally {
    await server.close();
  }
}
