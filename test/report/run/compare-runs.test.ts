import { describe, expect, it } from "vitest";
import { compareRuns } from "../../../src/report/run/compare-runs.js";
import { readRun } from "../../../src/report/run/read-run.js";
import { ended, planned, snapshotOf } from "../made-runs.js";

const runOf = (...plan: ReturnType<typeof planned>[]) =>
  readRun(snapshotOf({ plan, pastSteps: plan.map((step) => ended(step, 1, 2)) }), {
    now: () => 0,
    isReadOnly: () => true,
  });

const pairsOf = (...args: Parameters<typeof compareRuns>) =>
  compareRuns(...args).map(({ first, second, isSame }) => [first?.id, second?.id, isSame]);

describe("two runs", () => {
  it("are paired by what their steps do, although they have other ids and another order", () => {
    const first = runOf(planned("1", "Read orders"), planned("2", "Read refunds"));
    const second = runOf(planned("a", "Read refunds"), planned("b", "Read orders", ["a"]));
    expect(pairsOf(first, second)).toEqual([
      ["1", "b", true],
      ["2", "a", true],
    ]);
  });

  it("pair each step once, and a step that does otherwise by its id and tool", () => {
    const first = runOf(planned("1", "Read orders"), planned("2", "Read orders"), planned("3", "Join"));
    const second = runOf(
      planned("1", "Read orders"),
      planned("2", "Read refunds"),
      planned("3", "Join", [], { tool: "join" }),
    );
    expect(pairsOf(first, second)).toEqual([
      ["1", "1", true],
      ["2", "2", false],
      [undefined, "3", false],
      ["3", undefined, false],
    ]);
  });

  it("show a step that only the second has behind the one before it", () => {
    const first = runOf(planned("1", "Read"), planned("2", "Answer"));
    const second = runOf(
      planned("0", "Begin"),
      planned("1", "Read"),
      planned("x", "Check"),
      planned("2", "Answer"),
    );
    expect(pairsOf(first, second)).toEqual([
      [undefined, "0", false],
      ["1", "1", true],
      [undefined, "x", false],
      ["2", "2", true],
    ]);
  });
});
