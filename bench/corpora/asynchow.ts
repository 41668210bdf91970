import { validatePlan } from "../../src/plan/index.js";
import { longestWayAhead } from "../../src/plan/topology.js";
import { createSlots, runSchedule } from "../../src/scheduler/index.js";
import { type CorpusReport, readCorpus } from "./corpus.js";

interface Step {
  id: string;
  dependsOn: string[];
  seconds: number;
}
/** A plan with real durations. */
export interface AsyncHowPlan {
  id: number;
  title: string;
  steps: Step[];
  criticalPathSeconds: number;
}

export function readAsyncHow(): AsyncHowPlan[] {
  return readCorpus<AsyncHowPlan>("asynchow");
}

/** Plans with real durations: the scheduler must take as long as the critical path, and no second more. */
export async function checkAsyncHow(): Promise<CorpusReport> {
  const entries = readAsyncHow();
  const misses: string[] = [];
  let steps = 0;
  for (const entry of entries) {
    steps += entry.steps.length;
    const issues = validatePlan({
      steps: entry.steps.map((step) => ({ ...step, description: entry.title })),
    });
    for (const issue of issues) {
      misses.push(`asynchow ${entry.id}: ${issue.message}`);
    }
    const seconds = new Map(entry.steps.map((step) => [step.id, step.seconds]));
    const ways = longestWayAhead(entry.steps, (id) => seconds.get(id) ?? 0);
    const longest = Math.max(...ways.values());
    const makespan = await simulate(entry.steps);
    if (!isSame(longest, entry.criticalPathSeconds)) {
      misses.push(`asynchow ${entry.id}: longest way ${longest}, not ${entry.criticalPathSeconds}`);
    }
    if (!isSame(makespan, entry.criticalPathSeconds)) {
      misses.push(`asynchow ${entry.id}: makespan ${makespan}, not ${entry.criticalPathSeconds}`);
    }
  }
  return { summary: `${entries.length} plans, ${steps} steps through the scheduler`, misses };
}

/** Runs a plan through the real scheduler in virtual time, with room for all steps at once. */
async function simulate(steps: readonly Step[]): Promise<number> {
  let now = 0;
  const running: { endsAt: number; end: () => void }[] = [];
  const schedule = runSchedule({
    steps,
    slots: createSlots(steps.length),
    runStep: (step: Step) =>
      new Promise<string>((resolve) => {
        running.push({ endsAt: now + step.seconds, end: () => resolve(step.id) });
      }),
    settlementOf: () => "settled",
  });
  for (let left = steps.length; left > 0; left -= 1) {
    await settleMicrotasks();
    running.sort((one, other) => one.endsAt - other.endsAt);
    const next = running.shift();
    if (next === undefined) {
      return Number.NaN;
    }
    now = next.endsAt;
    next.end();
  }
  const { results } = await schedule;
  return results.size === steps.length ? now : Number.NaN;
}

function settleMicrotasks(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) < 1e-6 * Math.max(1, other);
}
