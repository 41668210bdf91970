import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { topologicalOrder } from "../../src/plan/index.js";
import { type DependencyNode, dependencyMap, findCycles, longestWayAhead } from "../../src/plan/topology.js";

/** "a:b,c" is a node a that depends on b and c. */
const graph = (...lines: string[]): DependencyNode[] =>
  lines.map((line) => {
    const [id = "", names = ""] = line.split(":");
    return { id, dependsOn: names === "" ? [] : names.split(",") };
  });

const chain = (length: number): DependencyNode[] =>
  Array.from({ length }, (_, index) => ({ id: `${index}`, dependsOn: index === 0 ? [] : [`${index - 1}`] }));

const anyGraph = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc
    .array(fc.array(fc.integer({ min: 0, max: size - 1 }), { maxLength: 3 }), {
      minLength: size,
      maxLength: size,
    })
    .map((edges) => edges.map((targets, index) => ({ id: `${index}`, dependsOn: targets.map(String) }))),
);

const reachable = (nodes: readonly DependencyNode[], from: string): Set<string> => {
  const map = dependencyMap(nodes);
  const seen = new Set<string>();
  const queue = [...(map.get(from) ?? [])];
  for (const id of queue) {
    if (seen.has(id)) {
      continue;
    }
    seen.add(id);
    queue.push(...(map.get(id) ?? []));
  }
  return seen;
};

describe("the dependencies of a plan", () => {
  it("are those on other steps that are there, each once", () => {
    expect([...dependencyMap(graph("a:a,b,b,x", "b"))]).toEqual([
      ["a", ["b"]],
      ["b", []],
    ]);
  });

  it("are those of the first of two steps with one id", () => {
    expect([...dependencyMap(graph("a:b", "b", "a"))]).toEqual([
      ["a", ["b"]],
      ["b", []],
    ]);
  });
});

describe("topological order", () => {
  it("leaves a plan that is in order as it is", () => {
    expect(topologicalOrder(graph("1", "3:1", "2", "0:2"))).toEqual(["1", "3", "2", "0"]);
  });

  it("takes, of those that are free, the first in the plan", () => {
    expect(topologicalOrder(graph("c:b", "a", "b", "d"))).toEqual(["a", "b", "c", "d"]);
    expect(topologicalOrder(graph("e:d", "d:c", "c", "b", "a"))).toEqual(["c", "d", "e", "b", "a"]);
  });

  it("counts what is not there as settled", () => {
    expect(topologicalOrder(graph("a:x", "b:a"))).toEqual(["a", "b"]);
  });

  it("leaves out cycles and what is behind them", () => {
    expect(topologicalOrder(graph("a:b", "b:a", "c:b", "d", "e:d,c"))).toEqual(["d"]);
    expect(topologicalOrder([])).toEqual([]);
  });

  it("puts every dependency first, and leaves out only what cannot be ordered", () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const order = topologicalOrder(nodes);
        const place = new Map(order.map((id, index) => [id, index]));
        for (const [id, dependencies] of dependencyMap(nodes)) {
          const isStuck = [id, ...reachable(nodes, id)].some((other) => reachable(nodes, other).has(other));
          expect(place.has(id)).toBe(!isStuck);
          const own = place.get(id);
          if (own !== undefined) {
            for (const other of dependencies) {
              expect(place.get(other)).toBeLessThan(own);
            }
          }
        }
      }),
    );
  });

  it("is the smallest by plan order", () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const left = dependencyMap(nodes);
        const expected: string[] = [];
        for (;;) {
          const free = [...left].find(([, dependencies]) => dependencies.every((id) => !left.has(id)));
          if (free === undefined) {
            break;
          }
          expected.push(free[0]);
          left.delete(free[0]);
        }
        expect(topologicalOrder(nodes)).toEqual(expected);
      }),
    );
  });
});

describe("the longest way ahead", () => {
  it("counts the steps to the end, the step itself included", () => {
    const ways = longestWayAhead(graph("a", "b:a", "c:b", "d:a", "e"));
    expect(Object.fromEntries(ways)).toEqual({ a: 3, b: 2, c: 1, d: 1, e: 1 });
  });

  it("takes the heavier branch when steps have weights", () => {
    const weights: Record<string, number> = { a: 1, b: 1, c: 1, d: 10 };
    const ways = longestWayAhead(graph("d:a", "a", "b:a", "c:b"), (id) => weights[id] ?? 0);
    expect(Object.fromEntries(ways)).toEqual({ a: 11, b: 2, c: 1, d: 10 });
  });

  it("says nothing of cycles", () => {
    expect([...longestWayAhead(graph("a:b", "b:a", "c")).keys()]).toEqual(["c"]);
  });
});

describe("cycles", () => {
  it("are given as ids, each needing the next, from the first in the plan", () => {
    expect(findCycles(graph("a:c", "b:a", "c:b"))).toEqual([["a", "c", "b"]]);
    expect(findCycles(graph("b:a", "a:b"))).toEqual([["b", "a"]]);
  });

  it("are found once for each knot, in plan order, by the shortest way round", () => {
    const nodes = graph("x:y", "y:x", "p:q", "q:r,p", "r:p", "free", "behind:x");
    expect(findCycles(nodes)).toEqual([
      ["x", "y"],
      ["p", "q"],
    ]);
  });

  it("stay inside their knot", () => {
    expect(findCycles(graph("a:d,b", "d", "b:c,d", "c:a"))).toEqual([["a", "b", "c"]]);
    expect(findCycles(graph("a:b", "b:c,a", "c:d", "d:c"))).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  it("are not seen where steps only meet again", () => {
    expect(findCycles(graph("a", "b:a", "c:a", "d:b,c"))).toEqual([]);
    expect(findCycles(graph("d:b,c", "b:a", "c:a", "a"))).toEqual([]);
  });

  it("are no steps that need themselves", () => {
    expect(findCycles(graph("a:a"))).toEqual([]);
  });

  it("are true cycles, one for each knot", () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const map = dependencyMap(nodes);
        const cycles = findCycles(nodes);
        const knotOf = (id: string): string =>
          [...reachable(nodes, id)]
            .filter((other) => reachable(nodes, other).has(id))
            .sort()
            .join();
        const knots = new Set([...map.keys()].filter((id) => reachable(nodes, id).has(id)).map(knotOf));
        expect(new Set(cycles.map(([id = ""]) => knotOf(id)))).toEqual(knots);
        expect(cycles.length).toBe(knots.size);
        for (const cycle of cycles) {
          expect(new Set(cycle).size).toBe(cycle.length);
          for (const [index, id] of cycle.entries()) {
            expect(map.get(id)).toContain(cycle[(index + 1) % cycle.length]);
          }
        }
      }),
    );
  });
});

describe("a plan of ten thousand steps", () => {
  it("is ordered, measured and searched for cycles without running out of stack", () => {
    const nodes = chain(10_000);
    const backwards = [...nodes].reverse();
    expect(topologicalOrder(backwards)[0]).toBe("0");
    expect(longestWayAhead(backwards).get("0")).toBe(10_000);
    expect(findCycles(backwards)).toEqual([]);
    const ring = [{ id: "0", dependsOn: ["9999"] }, ...nodes.slice(1)];
    expect(findCycles(ring)[0]).toHaveLength(10_000);
    expect(topologicalOrder(ring)).toEqual([]);
  });
});
