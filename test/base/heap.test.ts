import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHeap } from "../../src/base/heap.js";

const createNumberHeap = () => createHeap<number>((left, right) => left < right);

describe("createHeap", () => {
  it("is empty at first", () => {
    const heap = createNumberHeap();
    expect(heap.size).toBe(0);
    expect(heap.pop()).toBe(undefined);
  });

  it("gives the values in order, whatever was added, popped and removed in between", () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant("push" as const), value: fc.integer({ min: 0, max: 50 }) }),
      fc.record({ kind: fc.constant("pop" as const), value: fc.constant(0) }),
      fc.record({ kind: fc.constant("remove" as const), value: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const heap = createNumberHeap();
        let entries: ReturnType<typeof heap.push>[] = [];
        for (const { kind, value } of actions) {
          if (kind === "push") {
            entries.push(heap.push(value));
          } else if (kind === "pop") {
            const least = entries.length === 0 ? undefined : Math.min(...entries.map((entry) => entry.value));
            expect(heap.pop()).toBe(least);
            entries = entries.filter((entry) => entry.position >= 0);
          } else {
            const entry = entries[value % Math.max(1, entries.length)];
            if (entry === undefined) {
              continue;
            }
            heap.remove(entry);
            heap.remove(entry);
            entries = entries.filter((other) => other !== entry);
          }
          expect(heap.size).toBe(entries.length);
        }
        const rest = entries.map((entry) => entry.value).sort((left, right) => left - right);
        expect(rest.map(() => heap.pop())).toEqual(rest);
        expect(heap.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it("looks at few values: adding and taking out 10,000 takes under 16 comparisons a step of the way", () => {
    let comparisons = 0;
    const heap = createHeap<number>((left, right) => {
      comparisons += 1;
      return left < right;
    });
    for (let value = 10_000; value > 0; value -= 1) {
      heap.push(value);
    }
    expect(comparisons).toBeLessThan(10_000 * 14);
    comparisons = 0;
    while (heap.size > 0) {
      heap.pop();
    }
    expect(comparisons).toBeLessThan(10_000 * 30);
  });
});
