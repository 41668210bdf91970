import { longestWayAhead } from "../../plan/index.js";
import { durationOf, type Span, unionOf, WORK } from "./spans.js";

/** A step with its place in the graph and its time. */
interface TimedStep {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly spans: readonly Span[];
}

/** How the time of the steps adds up. */
export interface PathTimes {
  /** The ids of the steps on the critical path, first to last. */
  readonly path: readonly string[];
  /** How long the steps of the critical path worked: no order of the same work takes less. */
  readonly pathMs: number;
  /** How long all steps worked, added up: what they take one after the other. */
  readonly workMs: number;
  /** How long at least one step was at work. */
  readonly elapsedMs: number;
}

/** Finds the chain of dependent steps that worked longest. Time in which a person was asked is nobody's work. */
export function measurePath(steps: readonly TimedStep[]): PathTimes {
  const work = new Map(steps.map(({ id, spans }) => [id, durationOf(spans, WORK)]));
  const ways = longestWayAhead(steps, (id) => work.get(id) ?? 0);
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn } of steps) {
    for (const dependency of dependsOn) {
      dependents.set(dependency, [...(dependents.get(dependency) ?? []), id]);
    }
  }
  const path: string[] = [];
  for (let next = longest(ways.keys(), ways); next !== undefined; ) {
    path.push(next);
    next = longest(dependents.get(next) ?? [], ways);
  }
  const atWork = steps.flatMap(({ spans }) => spans.filter(({ kind }) => WORK.includes(kind)));
  return {
    path,
    pathMs: path.reduce((sum, id) => sum + (work.get(id) ?? 0), 0),
    workMs: [...work.values()].reduce((sum, ms) => sum + ms, 0),
    elapsedMs: unionOf(atWork),
  };
}

/** The step with the longest way ahead; undefined if no step has any. */
function longest(ids: Iterable<string>, ways: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  let way = 0;
  for (const id of ids) {
    const own = ways.get(id) ?? 0;
    if (own > way) {
      best = id;
      way = own;
    }
  }
  return best;
}
