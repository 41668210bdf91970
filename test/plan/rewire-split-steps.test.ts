import { describe, expect, it } from "vitest";
import { type PlanStep, rewireSplitSteps } from "../../src/plan/index.js";

const step = (id: string, extra: Partial<PlanStep> = {}): PlanStep => ({
  id,
  description: `Do ${id}`,
  ...extra,
});
const rewired = (steps: PlanStep[], removed: string[]): PlanStep | undefined =>
  rewireSplitSteps(steps, removed).at(-1);

describe("a step that named a step which was split", () => {
  it.each([
    ["3", ["3a", "3b"]],
    ["3", ["3A", "3B"]],
    ["3", ["3.1", "3.2"]],
    ["3", ["3-1", "3-2"]],
    ["3", ["3_1", "3_x12"]],
    ["fetch", ["fetch1", "fetch22"]],
    ["fetch", ["fetch_a", "fetch-b"]],
  ])("waits for all parts of %s: %j", (removed, parts) => {
    const steps = [...parts.map((id) => step(id)), step("4", { dependsOn: ["1", removed] })];
    expect(rewired(steps, [removed])?.dependsOn).toEqual(["1", ...parts]);
  });

  it.each([
    ["3", "30"],
    ["3", "3ab"],
    ["3", "3."],
    ["3", "3.abcd"],
    ["3", "3a.1"],
    ["3", "13a"],
    ["3", "4"],
    ["fetch", "fetcher"],
    ["fetch", "fetchb"],
    ["fetch", "fetch123"],
    ["fetch", "prefetch1"],
  ])("does not take for a part of %s what is none: %s", (removed, other) => {
    const last = step("9", { dependsOn: [removed] });
    expect(rewired([step(other), last], [removed])).toEqual(last);
  });

  it("refers to the last part, in every field, with its path", () => {
    const steps = [
      step("3a"),
      step("3b"),
      step("4", {
        description: "Read {{3.title}} and {{ 3 }}, \\{{3}}",
        args: { a: [{ b: "{{3[0].x}}" }], c: "{{1}}{{3}}", d: 3, e: null, "{{3}}": "{{}}" },
        forEach: "{{3.items}}",
        if: "{{3}}",
      }),
    ];
    expect(rewired(steps, ["3"])).toEqual(
      step("4", {
        description: "Read {{3b.title}} and {{3b}}, \\{{3}}",
        args: { a: [{ b: "{{3b[0].x}}" }], c: "{{1}}{{3b}}", d: 3, e: null, "{{3}}": "{{}}" },
        forEach: "{{3b.items}}",
        if: "{{3b}}",
      }),
    );
  });

  it("keeps references to the parts themselves", () => {
    const steps = [
      step("3.1"),
      step("3.2"),
      step("4", { args: { a: "{{3.1}}", b: "{{3.1.x}}", c: "{{3.9}}" } }),
    ];
    expect(rewired(steps, ["3"])?.args).toEqual({ a: "{{3.1}}", b: "{{3.1.x}}", c: "{{3.2.9}}" });
  });

  it("names each part once", () => {
    expect(rewired([step("3a"), step("4", { dependsOn: ["3", "3a", "3"] })], ["3"])?.dependsOn).toEqual([
      "3a",
    ]);
  });

  it("follows only the parts before it when it is a part itself", () => {
    const steps = [
      step("3a", { dependsOn: ["3"], if: "{{3}}" }),
      step("3b", { dependsOn: ["3"], if: "{{3}}" }),
      step("3c", { dependsOn: ["3"], if: "{{3.x}}" }),
    ];
    expect(rewireSplitSteps(steps, ["3"])).toEqual([
      steps[0],
      step("3b", { dependsOn: ["3a"], if: "{{3a}}" }),
      step("3c", { dependsOn: ["3a", "3b"], if: "{{3b.x}}" }),
    ]);
  });

  it("is left alone where the id is still there, or has no parts, or was not removed", () => {
    const last = step("4", { dependsOn: ["3"], args: { a: "{{3}}" } });
    expect(rewired([step("3"), step("3a"), last], ["3"])).toEqual(last);
    expect(rewired([step("5"), last], ["3"])).toEqual(last);
    expect(rewired([step("3a"), last], [])).toEqual(last);
  });

  it("keeps the rest of the step and changes nothing in place", () => {
    const last = step("4", { tool: "t", expect: "e", dependsOn: ["3"] });
    const steps = [step("3a"), last];
    expect(rewired(steps, ["3"])).toEqual({ ...last, dependsOn: ["3a"] });
    expect(last.dependsOn).toEqual(["3"]);
    expect(rewireSplitSteps([step("3a")], ["3"])[0]).toStrictEqual(step("3a"));
  });
});
