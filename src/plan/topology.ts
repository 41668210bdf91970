import { topologicalOrder as orderNumbers } from "../base/index.js";

// Plans may hold thousands of steps in any order, so nothing here recurses. A dependency that is not among the nodes
// counts as settled. If several nodes share an id, the first one counts.

/** A step in the graph: its id, and the ids of the steps it comes after. */
export interface DependencyNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/** Maps each node to those of its dependencies that are nodes: each once, and never itself. */
export function dependencyMap(nodes: readonly DependencyNode[]): Map<string, string[]> {
  const first = new Map<string, DependencyNode>();
  for (const node of nodes) {
    if (!first.has(node.id)) {
      first.set(node.id, node);
    }
  }
  const dependenciesOf = ({ id, dependsOn }: DependencyNode): string[] =>
    [...new Set(dependsOn)].filter((dependency) => dependency !== id && first.has(dependency));
  return new Map([...first].map(([id, node]) => [id, dependenciesOf(node)]));
}

/**
 * Sorts the ids so that each comes after its dependencies. If several could come next, the first in the plan does.
 * Leaves out nodes on a cycle, and those behind one.
 */
export function topologicalOrder(nodes: readonly DependencyNode[]): string[] {
  const graph = dependencyMap(nodes);
  const ids = [...graph.keys()];
  const position = new Map(ids.map((id, index) => [id, index]));
  const dependents = ids.map((): number[] => []);
  const waiting = ids.map((id) => graph.get(id)?.length ?? 0);
  for (const [index, id] of ids.entries()) {
    for (const dependency of graph.get(id) ?? []) {
      dependents[position.get(dependency) ?? -1]?.push(index);
    }
  }
  return orderNumbers(dependents, waiting).map((index) => ids[index] ?? "");
}

/**
 * Computes the weight of the heaviest way from each node to the end of the plan, the node included. Without weights
 * this is the number of steps. Leaves out nodes on a cycle, and those behind one.
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

type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * Finds one cycle for each knot of steps that wait for one another. A cycle is a list of ids: each needs the next, and
 * the last needs the first. It begins with the knot's first step in the plan. A step that needs only itself does not
 * count.
 */
export function findCycles(nodes: readonly DependencyNode[]): string[][] {
  const graph = dependencyMap(nodes);
  const position = new Map([...graph.keys()].map((id, index) => [id, index]));
  const place = (id: string): number => position.get(id) ?? 0;
  return findKnots(graph)
    .map((knot) => knot.sort((one, other) => place(one) - place(other)))
    .map(([first = "", ...others]) => shortestCycle(graph, first, new Set([first, ...others])))
    .sort(([one = ""], [other = ""]) => place(one) - place(other));
}

/** Finds the strongly connected components of two or more nodes, by Tarjan's algorithm with a stack of its own. */
function findKnots(graph: Graph): string[][] {
  const found = new Map<string, { order: number; low: number; open: boolean }>();
  const open: string[] = [];
  const knots: string[][] = [];

  function enter(id: string) {
    const mark = { order: found.size, low: found.size, open: true };
    found.set(id, mark);
    open.push(id);
    return { mark, start: open.length - 1, rest: (graph.get(id) ?? []).values() };
  }

  for (const root of graph.keys()) {
    if (found.has(root)) {
      continue;
    }
    const frames = [enter(root)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = frame.rest.next();
      if (next.done !== true) {
        const seen = found.get(next.value);
        if (seen === undefined) {
          frames.push(enter(next.value));
        } else if (seen.open) {
          frame.mark.low = Math.min(frame.mark.low, seen.order);
        }
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent !== undefined) {
        parent.mark.low = Math.min(parent.mark.low, frame.mark.low);
      }
      if (frame.mark.low < frame.mark.order) {
        continue;
      }
      const knot = open.splice(frame.start);
      for (const id of knot) {
        const mark = found.get(id);
        if (mark !== undefined) {
          mark.open = false;
        }
      }
      if (knot.length > 1) {
        knots.push(knot);
      }
    }
  }
  return knots;
}

/** Finds the shortest way from a step through its knot back to itself. */
function shortestCycle(graph: Graph, start: string, knot: ReadonlySet<string>): string[] {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const id of queue) {
    for (const next of graph.get(id) ?? []) {
      if (next === start) {
        return wayBack(id, cameFrom);
      }
      if (!knot.has(next) || cameFrom.has(next)) {
        continue;
      }
      cameFrom.set(next, id);
      queue.push(next);
    }
  }
  return [start];
}

function wayBack(end: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way: string[] = [];
  for (let id: string | undefined = end; id !== undefined; id = cameFrom.get(id)) {
    way.push(id);
  }
  return way.reverse();
}
