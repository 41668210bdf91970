import { getEventListeners } from "node:events";
import { liveHeapBytes, openResources, slopeOf } from "./memory.js";
import { type Canceller, moments } from "./moments.js";
import type { Runs } from "./own-runs.js";

/** How much is done. */
export interface LeakOptions {
  readonly warmUpRuns: number;
  readonly runs: number;
  /** Runs between two measurements of the heap. */
  readonly roundRuns: number;
  /** The part of the runs that is cancelled, from 0 to 1. */
  readonly cancelled: number;
}

/** What many runs left behind. */
export interface Leaks {
  readonly runs: number;
  readonly cancelled: number;
  /** Abort listeners on the caller's signals. */
  readonly listeners: number;
  /** How often Node printed a warning. */
  readonly warnings: number;
  readonly unhandled: readonly string[];
  /** The kinds of resources that keep the process alive. */
  readonly resources: readonly string[];
  readonly bytesPerRun: number;
  /** The heap after each round, in kB. */
  readonly heapKb: readonly number[];
  readonly msPerRun: number;
}

/**
 * Does many runs in this process and measures what they leave behind. Some are cancelled, at every moment at which
 * there is something to cancel. The others share one signal, as the runs of a server do.
 */
export async function measureLeaks(
  canceller: Canceller,
  { run, forget }: Runs,
  { warmUpRuns, runs, roundRuns, cancelled: part }: LeakOptions,
): Promise<Leaks> {
  const shared = new AbortController();
  let warnings = 0;
  const unhandled: string[] = [];
  const onWarning = () => {
    warnings += 1;
  };
  const onUnhandled = (reason: unknown) => void unhandled.push(String(reason));
  process.on("warning", onWarning);
  process.on("unhandledRejection", onUnhandled);
  let cancelled = 0;
  let listeners = 0;
  const one = async (index: number) => {
    const runId = `run-${index}`;
    const isCancelled = Math.floor((index + 1) * part) > Math.floor(index * part);
    const moment = moments[cancelled % moments.length];
    if (!isCancelled || moment === undefined) {
      await run(runId, shared.signal);
      return;
    }
    cancelled += 1;
    const signal = canceller.plan(runId, moment, cancelled % (2 * moments.length) < moments.length);
    const isDone = await run(runId, signal).then(
      () => true,
      () => false,
    );
    canceller.forget(runId);
    if (isDone) {
      throw new Error(`${runId} was to be cancelled at its ${moment}, and ended.`);
    }
    listeners += getEventListeners(signal, "abort").length;
  };
  const before = openResources();
  for (let index = 0; index < warmUpRuns; index += 1) {
    await one(index);
  }
  forget();
  cancelled = 0;
  const points: [number, number][] = [[0, await liveHeapBytes()]];
  let spentMs = 0;
  for (let index = 0; index < runs; ) {
    const began = performance.now();
    for (const end = Math.min(runs, index + roundRuns); index < end; index += 1) {
      await one(warmUpRuns + index);
    }
    spentMs += performance.now() - began;
    forget();
    points.push([index, await liveHeapBytes()]);
  }
  listeners += getEventListeners(shared.signal, "abort").length;
  const resources = openResources().filter((kind) => !before.includes(kind));
  process.off("warning", onWarning);
  process.off("unhandledRejection", onUnhandled);
  return {
    runs,
    cancelled,
    listeners,
    warnings,
    unhandled,
    resources,
    bytesPerRun: Math.round(slopeOf(points)),
    heapKb: points.map(([, bytes]) => Math.round(bytes / 1_000)),
    msPerRun: spentMs / runs,
  };
}
