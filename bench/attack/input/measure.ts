import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { judge, type Verdict } from "../case.js";

/** What some input cost. */
export interface Cost {
  /** The longest time for which nothing else could run. */
  readonly blockedMs: number;
  /** The additional memory of the process at its peak. */
  readonly peakMegabytes: number;
  /** The result, in a few words. */
  readonly got: string;
}

const MAX_BLOCKED_MS = 200;
const MAX_MEGABYTES = 100;
const TICK_MS = 2;

/** Does the work and measures it. An error counts as a result. */
export async function measure(work: () => Promise<unknown>): Promise<Cost> {
  globalThis.gc?.();
  const before = resetPeak();
  let blockedMs = 0;
  let [lastTime, lastWork] = [performance.now(), cpuMs()];
  const look = () => {
    const [time, done] = [performance.now(), cpuMs()];
    // On a shared machine the clock alone would count too much, and processor time alone would count other threads.
    blockedMs = Math.max(blockedMs, Math.min(time - lastTime, done - lastWork));
    [lastTime, lastWork] = [time, done];
  };
  const timer = setInterval(look, TICK_MS);
  await delay(TICK_MS);
  let got: string;
  try {
    const value = await work();
    got = `answered: ${JSON.stringify(value)?.slice(0, 60)}`;
  } catch (error) {
    got = error instanceof Error ? `${error.name}: ${error.message.slice(0, 80)}` : String(error);
  }
  look();
  clearInterval(timer);
  return { blockedMs, peakMegabytes: peak() - before, got };
}

/** Whether it was cheap enough. */
export function judgeCost({ blockedMs, peakMegabytes, got }: Cost): Verdict {
  const isCheap = blockedMs <= MAX_BLOCKED_MS && peakMegabytes <= MAX_MEGABYTES;
  return judge(isCheap, `${blockedMs.toFixed(0)} ms, ${peakMegabytes.toFixed(0)} MB, ${got}`);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Resets the peak of the process's memory to the current use, which works only on Linux. Returns it in megabytes. */
function resetPeak(): number {
  if (process.platform === "linux") {
    writeFileSync("/proc/self/clear_refs", "5");
  }
  return peak();
}

function peak(): number {
  if (process.platform !== "linux") {
    return process.resourceUsage().maxRSS / 1_024;
  }
  const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(kilobytes) / 1_024;
}
