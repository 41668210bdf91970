// Time that passes only when nothing else can happen: durations are exact, runs are repeatable, nobody waits.

import { setImmediate as nextTurn } from "node:timers/promises";
import { createSlots, runSchedule, type ScheduledStep, type ScheduleOrder } from "../src/scheduler/index.js";

/** A clock that its own user moves on. */
export interface VirtualClock {
  /** Milliseconds since the clock was made. */
  now(): number;
  /** Resolves when this much virtual time has passed; of several due at once, who asked first is first. */
  sleep(durationMs: number): Promise<void>;
  /** Moves time on until the promise settles; rejects where it waits for something that never comes. */
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
        // A turn of the event loop: every microtask that could run has run.
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

/** How steps are simulated. */
export interface SimulationOptions {
  /** How many run at once. @default Infinity */
  readonly concurrency?: number;
  /** In what order they go. @default "longest-first" */
  readonly order?: ScheduleOrder;
}

/** When what happened, in virtual milliseconds. */
export interface Simulation {
  /** From the start to the end of the last step. */
  readonly makespanMs: number;
  /** When each step started, in the order of starting. */
  readonly startedAt: ReadonlyMap<string, number>;
  /** When each step settled, in the order of settling. */
  readonly endedAt: ReadonlyMap<string, number>;
  /** The most that ran at once. */
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
