import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Architecture } from "./architectures/architecture.js";
import type { ModelServer } from "./model/start-server.js";
import { type Measured, runOne } from "./run-one.js";
import { stepsOf, type Work } from "./work.js";

/** What to run, and how. */
export interface Measurement {
  readonly works: readonly Work[];
  readonly architectures: readonly Architecture[];
  readonly server: ModelServer;
  /** Seconds of the clock for a second of the cost model. */
  readonly scale: number;
  /** How many runs go on at once. Each waits for its own models and tools most of its time. */
  readonly sideBySide: number;
  onDone(measured: Measured): void;
}

/** Every architecture's run of every work, and this machine's share of the times. */
export interface Results {
  readonly measured: readonly Measured[];
  /** The share of one core that this process used: client, architectures and tools. */
  readonly busy: number;
  /** How late a timer of this process fired, in milliseconds. */
  readonly lateMs: { readonly median: number; readonly percentile99: number };
  readonly tookS: number;
}

const TIMER_MS = 5;
const NANOSECONDS = 1_000_000;

/** Runs everything, the longest first. */
export async function runAll(measurement: Measurement): Promise<Results> {
  const { works, architectures, server, scale, sideBySide, onDone } = measurement;
  const queue = works
    .flatMap((work) => architectures.map((architecture) => ({ work, architecture })))
    .sort((left, right) => lengthOf(right) - lengthOf(left));
  const measured: Measured[] = [];
  const delay = monitorEventLoopDelay({ resolution: TIMER_MS });
  delay.enable();
  const cpu = process.cpuUsage();
  const began = performance.now();
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const one = await runOne(next.architecture, next.work, server, scale, globalThis.crypto.randomUUID());
      measured.push(one);
      onDone(one);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
  delay.disable();
  const tookMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  const late = (percentile: number) => Math.max(0, delay.percentile(percentile) / NANOSECONDS - TIMER_MS);
  return {
    measured,
    busy: (user + system) / 1_000 / tookMs,
    lateMs: { median: late(50), percentile99: late(99) },
    tookS: tookMs / 1_000,
  };
}

/** Roughly how long a run takes: the tutorial's architecture makes three calls a step. */
function lengthOf({
  work,
  architecture,
}: {
  readonly work: Work;
  readonly architecture: Architecture;
}): number {
  return (
    stepsOf(work).length *
    (architecture.family === "tutorial" ? 3 : 1) *
    (architecture.models === "large" ? 2 : 1)
  );
}
