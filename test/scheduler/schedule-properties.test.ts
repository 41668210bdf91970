import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVirtualClock, simulate, type TimedStep } from "../../bench/virtual-time.js";
import { createSlots, runSchedule, type Settlement } from "../../src/scheduler/index.js";
import { ancestorsOf, earliestEnds, naiveStartOrder, timedPlan, waysAhead } from "./timed-plan.js";

const concurrency = fc.integer({ min: 1, max: 5 });
const numRuns = 150;

const idsOf = (steps: readonly TimedStep[]) => steps.map((step) => step.id).sort();

describe("runSchedule, over random plans in virtual time", () => {
  it("(2) without a limit, takes exactly as long as the critical path", async () => {
    await fc.assert(
      fc.asyncProperty(timedPlan, async (steps) => {
        const { makespanMs, endedAt } = await simulate(steps);
        const ends = earliestEnds(steps);
        expect(makespanMs).toBe(Math.max(0, ...ends.values()));
        expect(new Map(endedAt)).toEqual(ends);
      }),
      { numRuns },
    );
  });

  it("(2) starts each step at the very moment at which its last dependency settles", async () => {
    await fc.assert(
      fc.asyncProperty(timedPlan, async (steps) => {
        const { startedAt, endedAt } = await simulate(steps);
        for (const { id, dependsOn } of steps) {
          expect(startedAt.get(id)).toBe(Math.max(0, ...dependsOn.map((other) => endedAt.get(other) ?? NaN)));
        }
      }),
      { numRuns },
    );
  });

  it("(1, 3) starts each step once, after its dependencies, and never too many at once", async () => {
    await fc.assert(
      fc.asyncProperty(timedPlan, concurrency, async (steps, limit) => {
        const { startedAt, endedAt, mostAtOnce } = await simulate(steps, { concurrency: limit });
        expect([...startedAt.keys()].sort()).toEqual(idsOf(steps));
        expect(mostAtOnce).toBeLessThanOrEqual(limit);
        for (const { id, dependsOn } of steps) {
          for (const other of dependsOn) {
            expect(endedAt.get(other)).toBeLessThanOrEqual(startedAt.get(id) ?? -1);
          }
        }
      }),
      { numRuns },
    );
  });

  it("(2, 4) starts the steps in the order of a plain list scheduler", async () => {
    await fc.assert(
      fc.asyncProperty(timedPlan, concurrency, async (steps, limit) => {
        const { startedAt } = await simulate(steps, { concurrency: limit });
        const ahead = waysAhead(steps);
        const byWayAhead = (left: TimedStep, right: TimedStep) =>
          (ahead.get(right.id) ?? 0) - (ahead.get(left.id) ?? 0) ||
          steps.indexOf(left) - steps.indexOf(right);
        expect([...startedAt.keys()]).toEqual(naiveStartOrder(steps, limit, byWayAhead));
      }),
      { numRuns },
    );
  });

  it("(4) in sequential order starts the first in plan order, one at a time", async () => {
    await fc.assert(
      fc.asyncProperty(timedPlan, concurrency, async (steps, limit) => {
        const { startedAt, mostAtOnce } = await simulate(steps, { concurrency: limit, order: "sequential" });
        const byPlan = (left: TimedStep, right: TimedStep) => steps.indexOf(left) - steps.indexOf(right);
        expect([...startedAt.keys()]).toEqual(naiveStartOrder(steps, 1, byPlan));
        expect(mostAtOnce).toBeLessThanOrEqual(1);
      }),
      { numRuns },
    );
  });

  it("(5, 8) skips exactly what is behind failed steps, and leaves what is behind held ones", async () => {
    const settlements = fc.array(fc.constantFrom<Settlement>("settled", "settled", "failed", "held"), {
      minLength: 24,
      maxLength: 24,
    });
    await fc.assert(
      fc.asyncProperty(timedPlan, settlements, concurrency, async (steps, drawn, limit) => {
        const endings = new Map(steps.map(({ id }, index) => [id, drawn[index] ?? "settled"]));
        const clock = createVirtualClock();
        const { results, skipped, notStarted } = await clock.run(
          runSchedule({
            steps,
            slots: createSlots(limit),
            settlementOf: (result: Settlement) => result,
            async runStep({ id, durationMs }): Promise<Settlement> {
              await clock.sleep(durationMs);
              return endings.get(id) ?? "settled";
            },
          }),
        );
        const expected: { ran: string[]; skipped: string[]; notStarted: string[] } = {
          ran: [],
          skipped: [],
          notStarted: [],
        };
        const ancestors = ancestorsOf(steps);
        const ranAs = (settlement: Settlement) => (id: string) =>
          endings.get(id) === settlement && results.has(id);
        for (const { id } of steps) {
          const before = [...(ancestors.get(id) ?? [])];
          if (before.some(ranAs("failed"))) {
            expected.skipped.push(id);
          } else if (before.some(ranAs("held"))) {
            expected.notStarted.push(id);
          } else {
            expected.ran.push(id);
          }
        }
        expect([...results.keys()].sort()).toEqual(expected.ran.sort());
        expect(idsOf(skipped.map(({ step }) => step))).toEqual(expected.skipped.sort());
        expect(idsOf(notStarted)).toEqual(expected.notStarted.sort());
        for (const { step, because } of skipped) {
          expect(results.get(because)).toBe("failed");
          expect(ancestors.get(step.id)).toContain(because);
        }
      }),
      { numRuns },
    );
  });

  it("(6) an abort at any time starts nothing after it, and ends when what runs has ended", async () => {
    await fc.assert(
      fc.asyncProperty(timedPlan, concurrency, fc.nat({ max: 60 }), async (steps, limit, abortAtMs) => {
        const clock = createVirtualClock();
        const controller = new AbortController();
        const slots = createSlots(limit);
        const started = new Map<string, { atMs: number; signal: AbortSignal; durationMs: number }>();
        const schedule = runSchedule({
          steps,
          slots,
          signal: controller.signal,
          settlementOf: () => "settled",
          async runStep({ id, durationMs }, signal) {
            started.set(id, { atMs: clock.now(), signal, durationMs });
            await clock.sleep(durationMs);
          },
        });
        clock.sleep(abortAtMs).then(() => controller.abort());
        const { results, notStarted, aborted } = await clock.run(schedule);
        const ends = [...started.values()].map(({ atMs, durationMs }) => atMs + durationMs);
        for (const { atMs, signal, durationMs } of started.values()) {
          expect(atMs).toBeLessThanOrEqual(abortAtMs);
          if (aborted && atMs + durationMs > abortAtMs) {
            expect(signal.aborted).toBe(true);
          }
        }
        expect(aborted).toBe(controller.signal.aborted);
        expect([...results.keys()].sort()).toEqual([...started.keys()].sort());
        expect(started.size + notStarted.length).toBe(steps.length);
        expect(clock.now()).toBe(aborted ? Math.max(abortAtMs, ...ends) : Math.max(0, ...ends));
        expect(slots).toMatchObject({ taken: 0, waiting: 0 });
      }),
      { numRuns },
    );
  });
});
