import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Turns of the event loop after which everything that ended has been released. */
const TURNS = 20;

/** The bytes of the heap that are still in use after a collection. Needs `--expose-gc`. */
export async function liveHeapBytes(): Promise<number> {
  const { gc } = globalThis;
  if (gc === undefined) {
    throw new Error("Run it with --expose-gc: without a collection the heap says nothing.");
  }
  // Finalizers run between turns, and only the next collection frees what they release.
  for (let round = 0; round < 3; round += 1) {
    for (let turn = 0; turn < TURNS; turn += 1) {
      await nextTurn();
    }
    gc();
  }
  return process.memoryUsage().heapUsed;
}

/** The kinds of resources that keep the process alive, except its own input and output. */
export function openResources(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => !/^(TTY|Pipe|File|FS)/.test(kind));
}

/** The slope of the line that fits the points best: how much `y` grows for each unit of `x`. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}

/** Bytes that this process uses after a collection. */
export function usedBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
