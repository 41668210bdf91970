import { createHeap } from "./heap.js";

/**
 * Orders node numbers so that each node comes after all the nodes that it waits for. If several nodes are free, the
 * smallest goes first. The order leaves out nodes on a cycle, nodes behind a cycle, and nodes that wait for more nodes
 * than there are.
 */
export function topologicalOrder(
  /** For each node, the nodes that wait for it. */
  dependents: readonly (readonly number[])[],
  /** For each node, how many nodes it waits for. */
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
