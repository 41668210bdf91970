import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PlanStep, resolveDependencies } from "../../src/plan/index.js";
import { type DependencyNode, findCycles } from "../../src/plan/topology.js";

type Draft = Partial<PlanStep> & { id: string };
const isReadOnly = (name: string): boolean => name.startsWith("read");
const read = (id: string, extra: Partial<PlanStep> = {}): Draft => ({ id, tool: "read", args: {}, ...extra });
const write = (id: string, extra: Partial<PlanStep> = {}): Draft => ({ ...read(id, extra), tool: "write" });
const call = (id: string, extra: Partial<PlanStep> = {}): Draft => ({
  id,
  tool: "read",
  description: id,
  ...extra,
});
const agent = (id: string, extra: Partial<PlanStep> = {}): Draft => ({ id, description: id, ...extra });

/** Whether a step comes after another, directly or not. */
function comesAfter(nodes: readonly DependencyNode[], id: string, other: string): boolean {
  const reached = new Set([id]);
  for (const one of reached) {
    for (const next of nodes.find((node) => node.id === one)?.dependsOn ?? []) {
      reached.add(next);
    }
  }
  return id !== other && reached.has(other);
}

const resolve = (steps: Draft[], settled?: string[]): Record<string, readonly string[]> =>
  Object.fromEntries(
    resolveDependencies(steps, { isReadOnly, settled }).map((node) => [node.id, node.dependsOn]),
  );

describe("what a step comes after", () => {
  it("is nothing for a step whose tool only reads", () => {
    expect(resolve([read("1"), read("2"), read("3")])).toEqual({ 1: [], 2: [], 3: [] });
  });

  it("is the step before it for every other step with its arguments", () => {
    expect(resolve([write("1"), write("2"), read("3"), write("4")])).toEqual({
      1: [],
      2: ["1"],
      3: [],
      4: ["3"],
    });
  });

  it("is all steps before it for a step in words, an agent's or a call's, that names none", () => {
    expect(resolve([read("1"), read("2"), agent("3"), read("4"), call("5"), call("6")])).toEqual({
      1: [],
      2: [],
      3: ["1", "2"],
      4: [],
      5: ["3", "4"],
      6: ["5"],
    });
  });

  it("is what a step in words names, where it names something, and for an agent the step before", () => {
    const steps = [
      read("1"),
      read("2"),
      read("3"),
      call("4", { description: "of {{1}}" }),
      call("5", { forEach: "{{1}}" }),
      call("6", { dependsOn: [] }),
      agent("7", { description: "of {{2}}" }),
      agent("8", { if: "{{1}}" }),
    ];
    const nodes = resolveDependencies(steps, { isReadOnly });
    expect(nodes.map(({ dependsOn }) => dependsOn).slice(3)).toEqual([
      ["1"],
      ["1"],
      [],
      ["2", "6"],
      ["1", "2", "3", "4", "5", "6", "7"],
    ]);
    expect(nodes.filter(({ seesAllBefore }) => seesAllBefore).map(({ id }) => id)).toEqual(["8"]);
  });

  it("is each earlier step, where it may be, whatever else waits for whom", () => {
    const steps = [read("1"), read("2", { dependsOn: ["4"] }), agent("3"), agent("4"), agent("5")];
    expect(resolve(steps)).toEqual({ 1: [], 2: ["4"], 3: ["1", "2"], 4: ["1"], 5: ["2", "3", "4"] });
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
          args: tool && {},
          dependsOn: dependsOn?.map(String),
        }));
        const stated = steps.map(({ id, dependsOn = [] }) => ({ id, dependsOn }));
        fc.pre(findCycles(stated).length === 0);
        const nodes = resolveDependencies(steps, { isReadOnly });
        expect(findCycles(nodes)).toEqual([]);
        for (const [index, { id, tool, dependsOn }] of steps.entries()) {
          const before = steps[index - 1]?.id;
          const found = nodes[index]?.dependsOn ?? [];
          if (tool === undefined && dependsOn === undefined) {
            for (const earlier of steps.slice(0, index)) {
              expect(comesAfter(nodes, id, earlier.id)).toBe(!comesAfter(nodes, earlier.id, id));
            }
          } else if (before === undefined || dependsOn !== undefined || tool === "read") {
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
  const steps = ["a", "b", "c", "d"].map((id) => ({ id, tool: "write", args: {} }));
  const nodes = resolveDependencies(steps, { isReadOnly: () => false, remainderFrom: "c" });
  expect(nodes.map(({ dependsOn }) => dependsOn)).toEqual([[], ["a"], [], ["c"]]);
  const inWords = [...steps, agent("e"), read("f"), agent("g")];
  const others = resolveDependencies(inWords, { isReadOnly, remainderFrom: "c" });
  expect(others.map(({ dependsOn }) => dependsOn).slice(4)).toEqual([["c", "d"], [], ["e", "f"]]);
  expect(resolveDependencies(inWords, { isReadOnly, remainderFrom: "e" })[4]?.dependsOn).toEqual([]);
});
