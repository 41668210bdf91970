import { graphlib, layout } from "@dagrejs/dagre";
import { longestWayAhead } from "../plan/index.js";

/** A point of the drawing. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An arrow: the nodes that it joins, and the points that it goes through from the one's side to the other's. */
interface LaidOutEdge {
  readonly from: number;
  readonly to: number;
  readonly points: readonly Point[];
}

/** Where everything stands. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly isDownwards: boolean;
  /** The upper left corner of each node, in the order of the nodes. */
  readonly nodes: readonly Point[];
  readonly edges: readonly LaidOutEdge[];
}

/** A node: its id, and the ids of those that it comes after. */
interface LaidOutNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

export const NODE_WIDTH = 216;
export const NODE_HEIGHT = 76;
/** Plans with longer ways run from top to bottom: a page is read downwards, and a phone is narrow. */
const MAX_COLUMNS = 5;
/** More nodes than this are ranked in a way that is quicker and a little less tidy. */
const MANY_NODES = 60;
const MARGIN = 8;

/** How many layouts are remembered: a page that is read again every two seconds has the plan that it had. */
const MAX_REMEMBERED = 16;
const REMEMBERED = new Map<string, GraphLayout>();

/**
 * Lays a plan out from left to right if it is short enough for that, and else from top to bottom. A plan with hundreds of
 * steps takes seconds, so those that were laid out last are remembered.
 */
export function layoutGraph(nodes: readonly LaidOutNode[]): GraphLayout {
  const key = JSON.stringify(nodes.map(({ id, dependsOn }) => [id, dependsOn]));
  const found = REMEMBERED.get(key) ?? layOut(nodes);
  // What was used last is forgotten last.
  REMEMBERED.delete(key);
  REMEMBERED.set(key, found);
  for (const oldest of [...REMEMBERED.keys()].slice(0, -MAX_REMEMBERED)) {
    REMEMBERED.delete(oldest);
  }
  return found;
}

function layOut(nodes: readonly LaidOutNode[]): GraphLayout {
  const edges = findNeededEdges(nodes);
  const isDownwards = Math.max(0, ...longestWayAhead(nodes).values()) > MAX_COLUMNS;
  const graph = new graphlib.Graph();
  graph.setGraph({
    rankdir: isDownwards ? "TB" : "LR",
    nodesep: 18,
    ranksep: 44,
    marginx: MARGIN,
    marginy: MARGIN,
    ...(nodes.length > MANY_NODES ? { ranker: "tight-tree" } : {}),
  });
  for (const index of nodes.keys()) {
    graph.setNode(String(index), { width: NODE_WIDTH, height: NODE_HEIGHT });
  }
  for (const { from, to } of edges) {
    graph.setEdge(String(from), String(to), {});
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const corners = nodes.map((_, index): Point => {
    const { x = 0, y = 0 } = graph.node(String(index));
    return { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 };
  });
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    isDownwards,
    nodes: corners,
    edges: edges.map(({ from, to }) => {
      // dagre's first and last points are where a straight line meets the boxes, often at a corner.
      const bends = graph.edge(String(from), String(to)).points?.slice(1, -1) ?? [];
      const between = bends.length > 1 ? bends : [];
      const ends = [sideOf(corners[from], isDownwards, 1), sideOf(corners[to], isDownwards, 0)] as const;
      return { from, to, points: [ends[0], ...between, ends[1]] };
    }),
  };
}

/** The middle of the side of a box that arrows leave from (1) or come to (0). */
function sideOf({ x, y }: Point = { x: 0, y: 0 }, isDownwards: boolean, end: 0 | 1): Point {
  return isDownwards
    ? { x: x + NODE_WIDTH / 2, y: y + NODE_HEIGHT * end }
    : { x: x + NODE_WIDTH * end, y: y + NODE_HEIGHT / 2 };
}

/** Lists the edges that say more than the others do: those to a step that is also reached through another are left out. */
function findNeededEdges(nodes: readonly LaidOutNode[]): { from: number; to: number }[] {
  const places = new Map(nodes.map(({ id }, index) => [id, index]));
  const before = nodes.map(({ dependsOn }) => dependsOn.flatMap((id) => places.get(id) ?? []));
  const depths = longestWayAhead(nodes);
  // The farther a step is from the end, the earlier it is: each is complete before those that come after it.
  const order = [...nodes.keys()].sort((a, b) => depthOf(b) - depthOf(a));
  const reached = nodes.map(() => new Set<number>());
  function depthOf(index: number): number {
    return depths.get(nodes[index]?.id ?? "") ?? 0;
  }
  for (const index of order) {
    for (const dependency of before[index] ?? []) {
      reached[index]?.add(dependency);
      for (const earlier of reached[dependency] ?? []) {
        reached[index]?.add(earlier);
      }
    }
  }
  return before.flatMap((dependencies, to) =>
    dependencies
      .filter((from) => dependencies.every((other) => !(reached[other]?.has(from) ?? false)))
      .map((from) => ({ from, to })),
  );
}
