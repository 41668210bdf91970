import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { toChart } from "./chart.js";
import type { Comparison } from "./compare.js";
import { models } from "./cost-model.js";

/** Under which circumstances was measured. */
export interface Circumstances {
  readonly scale: number;
  readonly sideBySide: number;
  /** The machine's load before, over 1, 5 and 15 minutes. */
  readonly load: readonly number[];
}

/** Writes `peers.json` and `peers.svg`. */
export async function writeResults(
  folder: string,
  { works, goals, results }: Comparison,
  circumstances: Circumstances,
): Promise<void> {
  const { busy, lateMs, tookS } = results;
  const machine = { node: process.version, cores: availableParallelism() };
  const kept = {
    measuredAt: new Date().toISOString(),
    machine,
    ...circumstances,
    busy,
    lateMs,
    tookS,
    models,
    works,
    goals,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "peers.json"), `${JSON.stringify(kept, undefined, 1)}\n`);
  await writeFile(join(folder, "peers.svg"), toChart(works));
}
