import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationOf, toStepSpans, unionOf, WORK } from "../../../src/report/run/spans.js";

const at = (ms: number) => new Date(ms).toISOString();

describe("the time of a step", () => {
  it("is told apart: it waits, runs, fails, pauses, runs again, is asked about, and runs", () => {
    const spans = toStepSpans({
      plannedAt: 0,
      startedAt: 100,
      endedAt: 1_000,
      isFailed: false,
      retries: [{ at: at(300), delayMs: 50, error: "no" }],
      asked: [{ from: 500, to: 900 }],
    });
    expect(spans.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ["waiting", 0, 100],
      ["failing", 100, 300],
      ["retrying", 300, 350],
      ["running", 350, 500],
      ["asking", 500, 900],
      ["running", 900, 1_000],
    ]);
  });

  it("is shown even if it is none, and is none if the step never began", () => {
    const times = { plannedAt: 5, endedAt: 5, isFailed: true, retries: [], asked: [] };
    expect(toStepSpans({ ...times, startedAt: 5 })).toEqual([{ kind: "failing", from: 5, to: 5 }]);
    expect(toStepSpans({ ...times, startedAt: undefined })).toEqual([]);
  });

  it("has no gap and no overlap from its beginning to its end, whatever was noted of it", () => {
    const moment = fc.integer({ min: 0, max: 1_000 });
    const interval = fc.tuple(moment, moment).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
    const retry = fc
      .tuple(moment, fc.integer({ min: 0, max: 300 }))
      .map(([ms, delayMs]) => ({ at: at(ms), delayMs, error: "" }));
    fc.assert(
      fc.property(
        interval,
        fc.array(interval, { maxLength: 3 }),
        fc.array(retry, { maxLength: 3 }),
        ({ from, to }, asked, retries) => {
          const spans = toStepSpans({
            plannedAt: 0,
            startedAt: from,
            endedAt: to,
            isFailed: false,
            retries,
            asked,
          });
          const own = spans.filter(({ kind }) => kind !== "waiting");
          expect(own[0]?.from).toBe(from);
          expect(own.at(-1)?.to).toBe(to);
          for (const [index, span] of own.entries()) {
            expect(span.from).toBe(own[index - 1]?.to ?? from);
          }
          expect(durationOf(own, [...WORK, "asking"])).toBe(to - from);
          expect(unionOf(own)).toBe(to - from);
        },
      ),
    );
  });
});
