import { describe, expect, it } from "vitest";
import { createSlots, runSchedule, type ScheduledStep } from "../../src/scheduler/index.js";

const count = 10_000;

function steps(dependenciesOf: (index: number) => number[]): ScheduledStep[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `s${index}`,
    dependsOn: dependenciesOf(index).map((other) => `s${other}`),
  }));
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

const shapes = {
  chain: steps((index) => (index === 0 ? [] : [index - 1])),
  flat: steps(() => []),
  random: steps((index) =>
    index === 0 ? [] : [7, 31, 127].map((factor) => ((index * factor) % index) >> 1),
  ),
  layered: steps((index) =>
    index < 50 ? [] : range((Math.floor(index / 50) - 1) * 50, Math.floor(index / 50) * 50),
  ),
  star: steps((index) => (index === 0 ? [] : index === count - 1 ? range(1, index) : [0])),
};

describe("runSchedule, with 10,000 steps", () => {
  it.each(Object.entries(shapes))("runs a %s", async (_shape, plan) => {
    for (const order of ["longest-first", "sequential"] as const) {
      const { results, notStarted } = await runSchedule({
        steps: plan,
        slots: createSlots(8),
        order,
        runStep: async (step) => step.id,
        settlementOf: () => "settled",
      });
      expect([results.size, notStarted.length]).toEqual([count, 0]);
    }
  });

  it.each(Object.entries(shapes))("skips the rest of a %s", async (shape, plan) => {
    const { results, skipped } = await runSchedule({
      steps: plan,
      slots: createSlots(8),
      runStep: async (step) => step.id,
      settlementOf: () => "failed",
    });
    const roots = plan.filter((step) => step.dependsOn.length === 0).length;
    expect([shape, results.size, skipped.length]).toEqual([shape, roots, count - roots]);
  });

  it("takes them all out of the queue when it stops", async () => {
    const slots = createSlots(1);
    const { results, notStarted } = await runSchedule({
      steps: shapes.flat,
      slots,
      runStep: async (step) => step.id,
      settlementOf: () => "settled",
      shouldStop: () => true,
    });
    expect([results.size, notStarted.length, slots.waiting]).toEqual([1, count - 1, 0]);
  });
});
