import { createHeap } from "./heap.js";

/**
 * Node numbers in an order in which each comes after all that it waits for; of those that are free the smallest goes
 * first. What stands on a cycle or behind one, and what waits for more than the nodes can give, is left out.
 */
export function topologicalOrder(
  /** For each node, the nodes that wait for it. */
  dependents: readonly (readonly number[])[],
  /** For each node, how many it waits for. */
  waitsFor: readonly number[],
): number[] {
  const left = [...waitsFor];
  const free = createHeap<number>((one, other) => one < other);
  for (const [node, count] of left.entries()) {
    if (count === 0) {
      free.push(node);
    }
  }
  const order: number[] = [];
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    order.push(node);
    for (const dependent of dependents[node] ?? []) {
      const count = (left[dependent] ?? 0) - 1;
      left[dependent] = count;
      if (count === 0) {
        free.push(dependent);
      }
    }
  }
  return order;
}
