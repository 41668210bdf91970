import { beforeAll, describe, expect, it } from "vitest";
import { toChart } from "../../bench/peers/chart.js";
import { type Comparison, compare } from "../../bench/peers/compare.js";
import { rowOf } from "../../bench/peers/summary.js";
import { shortWorks } from "../../bench/peers/works/index.js";

// Fast enough for a test: the times say nothing then, what was called and answered does.
const SCALE = 0.02;

describe("the comparison with other architectures", () => {
  let comparison: Comparison;
  beforeAll(async () => {
    comparison = await compare({ works: shortWorks, scale: SCALE, sideBySide: 8 });
  }, 180_000);

  it("has the right answer from every architecture", () => {
    const wrong = comparison.results.measured.filter(({ isRight }) => !isRight);
    expect(wrong).toEqual([]);
    expect(comparison.results.measured).toHaveLength(shortWorks.length * 17);
  });

  it.each([
    ["two levels", { ours: 1, saved: 0, one: 8, parallel: 4, waves: 2, streamed: 2, tutorial: 22 }],
    ["failing step", { ours: 2, saved: 1, one: 6, parallel: 4, waves: 4, streamed: 4, tutorial: 16 }],
  ] as const)("makes for %s the calls of a perfect model, and no others", (name, calls) => {
    const work = comparison.works.find((one) => one.work === name);
    if (work === undefined) {
      throw new Error(`there is no ${name}`);
    }
    for (const models of ["large", "small"] as const) {
      const callsOf = (architecture: string) => rowOf(work, architecture, models).calls;
      expect({
        ours: callsOf("ours"),
        saved: callsOf("ours, saved plan"),
        one: callsOf("createAgent, one call"),
        parallel: callsOf("createAgent, parallel"),
        waves: callsOf("LLMCompiler-like, waves"),
        streamed: callsOf("LLMCompiler-like, streamed"),
        tutorial: callsOf("tutorial"),
      }).toEqual(calls);
    }
  });

  it("counts the tokens of each call, and marks where each step of a plan ends", () => {
    const ours = comparison.results.measured.find(
      ({ work, architecture, models }) =>
        work === "two levels" && architecture === "ours" && models === "large",
    );
    const [plan] = ours?.calls ?? [];
    expect(plan?.marks.map(({ itemId }) => itemId)).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
    const ends = plan?.marks.map(({ tokens }) => tokens) ?? [];
    expect(ends).toEqual([...ends].sort((left, right) => left - right));
    expect(ends.at(-1)).toBeLessThanOrEqual(plan?.outputTokens ?? 0);
    expect(plan?.purpose).toBe("plan");
    expect(plan?.inputTokens).toBeGreaterThan(0);
  });

  it("draws a row for each work", () => {
    const chart = toChart(comparison.works);
    for (const { work } of comparison.works) {
      expect(chart).toContain(`>${work}</text>`);
    }
  });
});
