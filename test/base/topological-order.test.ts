import fc from "fast-check";
import { expect, test } from "vitest";
import { topologicalOrder } from "../../src/base/index.js";

/** Node numbers by what each waits for. */
const order = (...waits: readonly (readonly number[])[]) =>
  topologicalOrder(
    waits.map((_, node) => waits.flatMap((own, other) => (own.includes(node) ? [other] : []))),
    waits.map((own) => own.length),
  );

test("each node comes after what it waits for, of the free ones the smallest first", () => {
  expect(order([], [], [0], [])).toEqual([0, 1, 2, 3]);
  expect(order([3], [2], [], [])).toEqual([2, 1, 3, 0]);
});

test("what stands on a cycle or behind one, or waits for what is no node, is left out", () => {
  expect(order([1], [0], [1], [])).toEqual([3]);
  expect(order([9], [], [0])).toEqual([1]);
});

test("a graph without cycles is ordered whole", () => {
  const graph = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { maxLength: 20 });
  fc.assert(
    fc.property(graph, (lists) => {
      const waits = lists.map((list, node) => [...new Set(list.filter((other) => other < node))]);
      const places = new Map(order(...waits).map((node, place) => [node, place]));
      expect(places.size).toBe(waits.length);
      for (const [node, own] of waits.entries()) {
        for (const other of own) {
          expect(places.get(other)).toBeLessThan(places.get(node) ?? -1);
        }
      }
    }),
  );
});
