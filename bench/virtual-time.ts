// Virtual time passes only when nothing else can happen. So durations are exact, runs are repeatable, and nobody
// waits.

import { setImmediate as nextTurn } from "node:timers/promises";
import { createSlots, runSchedule, type ScheduledStep, type ScheduleOrder } from "../src/scheduler/index.js";

/** A clock that its user moves forward. */
export interface VirtualClock {
  /** Milliseconds since the clock was made. */
  now(): number;
  /** Resolves when this much virtual time has passed. If several are due at once, the first to ask comes first. */
  sleep(durationMs: number): Promise<void>;
  /** Moves time forward until the promise settles. Rejects if the promise waits for something that never comes. */
  run<T>(work: Promise<T>): Promise<T>;
}

/** A clock that stands at 0. */
export function createVirtualClock(): VirtualClock {
  const timers: { readonly dueAt: number; readonly wake: () => void }[] = [];
  let now = 0;
  return {
    now: () => now,
    sleep(durationMs) {
      return new Promise((wake) => {
        const dueAt = now + durationMs;
        timers.splice(timers.findLastIndex((timer) => timer.dueAt <= dueAt) + 1, 0, { dueAt, wake });
      });
    },
    async run(work) {
      let settled = false;
      const onSettled = () => {
        settled = true;
      };
      work.then(onSettled, onSettled);
      for (;;) {
        // After one turn of the event loop, every microtask that could run has run.
        await nextTurn();
        if (settled) {
          return work;
        }
        const timer = timers.shift();
        if (timer === undefined) {
          throw new Error(`Nothing is left to happen at ${now} ms, and it has not ended.`);
        }
        now = timer.dueAt;
        timer.wake();
      }
    },
  };
}

/** A step that takes a known time. */
export interface TimedStep extends ScheduledStep {
  readonly durationMs: number;
}

export interface SimulationOptions {
  /** How many steps run at once. @default Infinity */
  readonly concurrency?: number;
  /** The order in which ready steps start. @default "longest-first" */
  readonly order?: ScheduleOrder;
}

/** When things happened, in virtual milliseconds. */
export interface Simulation {
  /** From the start to the end of the last step. */
  readonly makespanMs: number;
  /** When each step started, in the order of starting. */
  readonly startedAt: ReadonlyMap<string, number>;
  /** When each step settled, in the order of settling. */
  readonly endedAt: ReadonlyMap<string, number>;
  /** The largest number of steps that ran at once. */
  readonly mostAtOnce: number;
}

/** Runs steps of known durations through the real scheduler, in virtual time. */
export async function simulate(
  steps: readonly TimedStep[],
  { concurrency = Infinity, order }: SimulationOptions = {},
): Promise<Simulation> {
  const clock = createVirtualClock();
  const startedAt = new Map<string, number>();
  const endedAt = new Map<string, number>();
  let mostAtOnce = 0;
  const schedule = runSchedule({
    steps,
    slots: createSlots(concurrency),
    order,
    settlementOf: () => "settled",
    async runStep({ id, durationMs }) {
      startedAt.set(id, clock.now());
      mostAtOnce = Math.max(mostAtOnce, startedAt.size - endedAt.size);
      await clock.sleep(durationMs);
      endedAt.set(id, clock.now());
    },
  });
  await clock.run(schedule);
  return { makespanMs: clock.now(), startedAt, endedAt, mostAtOnce };
}
