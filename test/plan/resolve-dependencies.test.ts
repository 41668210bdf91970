import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PlanStep, resolveDependencies } from "../../src/plan/index.js";
import { findCycles } from "../../src/plan/topology.js";

type Draft = Partial<PlanStep> & { id: string };
const isReadOnly = (name: string): boolean => name.startsWith("read");
const read = (id: string, extra: Partial<PlanStep> = {}): Draft => ({ id, tool: "read", ...extra });
const write = (id: string, extra: Partial<PlanStep> = {}): Draft => ({ id, tool: "write", ...extra });
const agent = (id: string, extra: Partial<PlanStep> = {}): Draft => ({ id, description: id, ...extra });

const resolve = (steps: Draft[], settled?: string[]): Record<string, readonly string[]> =>
  Object.fromEntries(
    resolveDependencies(steps, { isReadOnly, settled }).map((node) => [node.id, node.dependsOn]),
  );

describe("what a step comes after", () => {
  it("is nothing for a step whose tool only reads", () => {
    expect(resolve([read("1"), read("2"), read("3")])).toEqual({ 1: [], 2: [], 3: [] });
  });

  it("is the step before it for every other step, an agent's too", () => {
    expect(resolve([write("1"), write("2"), agent("3"), read("4"), write("5")])).toEqual({
      1: [],
      2: ["1"],
      3: ["2"],
      4: [],
      5: ["4"],
    });
  });

  it("is what dependsOn says where it is there, an empty list too", () => {
    expect(resolve([write("1"), write("2", { dependsOn: [] }), agent("3", { dependsOn: ["1"] })])).toEqual({
      1: [],
      2: [],
      3: ["1"],
    });
  });

  it("is what it refers to as well, in any field and each once", () => {
    const steps = [
      read("1"),
      read("2"),
      read("3"),
      read("4", { description: "{{1.a}} {{1}}", args: { x: ["{{2}}"] }, forEach: "{{3}}", if: "{{1}}" }),
      read("5", { dependsOn: ["4"], args: { x: "{{4.y}} {{1}} {{item}} {{nobody}}" } }),
    ];
    expect(resolve(steps)).toMatchObject({ 4: ["1", "2", "3"], 5: ["4", "1"] });
  });

  it("is the step before as well where references are all that is said", () => {
    expect(resolve([read("1"), read("2"), write("3", { args: { x: "{{1}}" } })])[3]).toEqual(["1", "2"]);
    expect(resolve([read("1"), write("2", { args: { x: "{{1}}" } })])[2]).toEqual(["1"]);
  });

  it("is never the step itself", () => {
    expect(resolve([agent("1", { dependsOn: ["1"], args: { x: "{{1}}" } })])[1]).toEqual([]);
    expect(resolve([agent("1"), agent("1")])[1]).toEqual([]);
  });

  it("keeps ids that nobody has, so that whoever runs the plan sees them", () => {
    expect(resolve([agent("1", { dependsOn: ["x"] })])[1]).toEqual(["x"]);
  });

  it("includes settled steps that are not in the list", () => {
    expect(resolve([agent("4", { args: { x: "{{1.a}}" } })], ["1"])[4]).toEqual(["1"]);
    expect(resolve([agent("4", { args: { x: "{{1.a}}" } })])[4]).toEqual([]);
  });

  it("is not the step before where that one waits for it", () => {
    expect(resolve([agent("1", { dependsOn: ["2"] }), agent("2")])).toEqual({ 1: ["2"], 2: [] });
    expect(
      resolve([agent("1", { args: { x: "{{3}}" } }), read("2", { dependsOn: ["1"] }), agent("3")])[3],
    ).toEqual([]);
  });

  it("is the step before where that one waits for others that come later", () => {
    expect(resolve([agent("1", { dependsOn: ["3"] }), agent("2", { dependsOn: [] }), agent("3")])).toEqual({
      1: ["3"],
      2: [],
      3: ["2"],
    });
    expect(resolve([read("a", { dependsOn: ["z"] }), agent("b"), agent("c"), agent("z")])).toEqual({
      a: ["z"],
      b: ["a"],
      c: ["b"],
      z: [],
    });
  });

  it("takes in edges that were drawn before when it looks for circles", () => {
    const steps = [agent("1", { dependsOn: ["4"] }), agent("2"), agent("3"), agent("4")];
    expect(resolve(steps)).toEqual({ 1: ["4"], 2: ["1"], 3: ["2"], 4: [] });
  });

  it("never closes a cycle, and leaves the edge out only where it would", () => {
    const size = 7;
    const step = fc.record({
      tool: fc.constantFrom("read", "write", undefined),
      dependsOn: fc.option(fc.array(fc.nat(size - 1), { maxLength: 2 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: size, maxLength: size }), (drafts) => {
        const steps = drafts.map(({ tool, dependsOn }, index) => ({
          id: `${index}`,
          tool,
          dependsOn: dependsOn?.map(String),
        }));
        const stated = steps.map(({ id, dependsOn = [] }) => ({ id, dependsOn }));
        fc.pre(findCycles(stated).length === 0);
        const nodes = resolveDependencies(steps, { isReadOnly });
        expect(findCycles(nodes)).toEqual([]);
        for (const [index, { id, tool, dependsOn }] of steps.entries()) {
          const before = steps[index - 1]?.id;
          const found = nodes[index]?.dependsOn ?? [];
          if (before === undefined || dependsOn !== undefined || tool === "read") {
            expect(found).toEqual([...new Set(dependsOn ?? [])].filter((other) => other !== id));
          } else if (!found.includes(before)) {
            const closed = nodes.map((node) =>
              node.id === id ? { id, dependsOn: [...found, before] } : node,
            );
            expect(findCycles(closed).length).toBeGreaterThan(0);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

it("the first step of a new remainder comes after nothing that it does not name", () => {
  const steps = ["a", "b", "c", "d"].map((id) => ({ id, tool: "write" }));
  const nodes = resolveDependencies(steps, { isReadOnly: () => false, remainderFrom: "c" });
  expect(nodes.map(({ dependsOn }) => dependsOn)).toEqual([[], ["a"], [], ["c"]]);
});
