import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measurePath } from "../../../src/report/run/critical-path.js";
import type { Span } from "../../../src/report/run/spans.js";

const work = (from: number, to: number): Span[] => [{ kind: "running", from, to }];

/** Steps that each come after some of those before them, and work for some time. */
const plans = fc
  .array(
    fc.record({
      ms: fc.integer({ min: 0, max: 50 }),
      from: fc.integer({ min: 0, max: 100 }),
      picks: fc.array(fc.nat(), { maxLength: 3 }),
    }),
    { maxLength: 12 },
  )
  .map((steps) =>
    steps.map(({ ms, from, picks }, index) => ({
      id: `s${index}`,
      dependsOn: index === 0 ? [] : [...new Set(picks.map((pick) => `s${pick % index}`))],
      spans: work(from, from + ms),
    })),
  );

describe("the critical path", () => {
  it("is the chain of dependent steps that worked longest", () => {
    const steps = [
      { id: "a", dependsOn: [], spans: work(0, 30) },
      { id: "b", dependsOn: [], spans: work(0, 20) },
      { id: "c", dependsOn: ["b"], spans: work(20, 35) },
      { id: "d", dependsOn: ["a", "c"], spans: work(35, 40) },
    ];
    expect(measurePath(steps)).toEqual({ path: ["b", "c", "d"], pathMs: 40, workMs: 70, elapsedMs: 40 });
  });

  it("leaves out the time in which a person was asked", () => {
    const asking: Span = { kind: "asking", from: 10, to: 1_000 };
    const steps = [
      { id: "a", dependsOn: [], spans: [...work(0, 10), asking, ...work(1_000, 1_005)] },
      { id: "b", dependsOn: [], spans: work(0, 20) },
    ];
    expect(measurePath(steps)).toEqual({ path: ["b"], pathMs: 20, workMs: 35, elapsedMs: 25 });
  });

  it("of nothing, and of steps that never worked, is empty", () => {
    const none = { path: [], pathMs: 0, workMs: 0, elapsedMs: 0 };
    expect(measurePath([])).toEqual(none);
    expect(measurePath([{ id: "a", dependsOn: ["a", "b"], spans: [] }])).toEqual(none);
  });

  it("is a chain, and no other chain is longer", () => {
    fc.assert(
      fc.property(plans, (steps) => {
        const { path, pathMs, workMs, elapsedMs } = measurePath(steps);
        const byId = new Map(steps.map((step) => [step.id, step]));
        for (const [index, id] of path.entries()) {
          expect(index === 0 || byId.get(id)?.dependsOn.includes(path[index - 1] ?? "")).toBe(true);
        }
        const longest = (id: string): number => {
          const step = byId.get(id);
          const own = step?.spans.reduce((sum, { from, to }) => sum + to - from, 0) ?? 0;
          return own + Math.max(0, ...(step?.dependsOn ?? []).map(longest));
        };
        expect(pathMs).toBe(Math.max(0, ...steps.map(({ id }) => longest(id))));
        expect(pathMs).toBeLessThanOrEqual(workMs);
        expect(elapsedMs).toBeLessThanOrEqual(workMs);
      }),
    );
  });
});
