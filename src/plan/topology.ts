import { IndexHeap } from "./index-heap.js";

// Plans may hold thousands of steps in any order, so nothing here recurses. A dependency that is not among
// the nodes counts as settled; of nodes with the same id the first is meant.

/** A step as the graph sees it: its id and the ids of the steps it comes after. */
export type DependencyNode = { readonly id: string; readonly dependsOn: readonly string[] };

/** The dependencies of each node that are nodes themselves, each once; a node's own id is left out. */
export function dependencyMap(nodes: readonly DependencyNode[]): Map<string, string[]> {
  const first = new Map<string, DependencyNode>();
  for (const node of nodes) if (!first.has(node.id)) first.set(node.id, node);
  const dependenciesOf = ({ id, dependsOn }: DependencyNode): string[] =>
    [...new Set(dependsOn)].filter((dependency) => dependency !== id && first.has(dependency));
  return new Map([...first].map(([id, node]) => [id, dependenciesOf(node)]));
}

/**
 * The ids in an order in which each comes after its dependencies; among those that are free, the one that
 * stands first in the plan. Nodes on a cycle, and those behind one, are left out.
 */
export function topologicalOrder(nodes: readonly DependencyNode[]): string[] {
  const graph = dependencyMap(nodes);
  const ids = [...graph.keys()];
  const position = new Map(ids.map((id, index) => [id, index]));
  const dependents = ids.map((): number[] => []);
  const waiting = ids.map((id) => graph.get(id)?.length ?? 0);
  for (const [index, id] of ids.entries()) {
    for (const dependency of graph.get(id) ?? []) dependents[position.get(dependency) ?? -1]?.push(index);
  }
  const free = new IndexHeap();
  for (const [index, count] of waiting.entries()) if (count === 0) free.push(index);
  const order: string[] = [];
  for (let index = free.pop(); index !== undefined; index = free.pop()) {
    order.push(ids[index] ?? "");
    for (const dependent of dependents[index] ?? []) {
      const left = (waiting[dependent] ?? 0) - 1;
      waiting[dependent] = left;
      if (left === 0) free.push(dependent);
    }
  }
  return order;
}

/**
 * The heaviest way from each node to the end of the plan, itself included; without weights, the number of
 * steps on it. Nodes on a cycle, and those behind one, are left out.
 */
export function longestWayAhead(
  nodes: readonly DependencyNode[],
  weightOf: (id: string) => number = () => 1,
): Map<string, number> {
  const graph = dependencyMap(nodes);
  const behind = new Map<string, number>();
  const ways = new Map<string, number>();
  for (const id of topologicalOrder(nodes).reverse()) {
    const way = weightOf(id) + (behind.get(id) ?? 0);
    ways.set(id, way);
    for (const dependency of graph.get(id) ?? []) {
      behind.set(dependency, Math.max(behind.get(dependency) ?? 0, way));
    }
  }
  return ways;
}
