import type { ScheduledStep } from "./schedule.js";

/** A step, what waits for it, and what became of it. */
export interface StepNode<S extends ScheduledStep> {
  readonly step: S;
  /** Place in the plan. */
  readonly index: number;
  /** Steps on the longest way from here to an end, itself included; 0 for one that can never start. */
  rank: number;
  /** How many of its dependencies have not settled. */
  waitsFor: number;
  readonly dependents: StepNode<S>[];
  state: "pending" | "started" | "skipped";
}

/**
 * The steps that have not settled yet, linked to those that depend on them. A dependency that nobody has, and
 * an id that an earlier step has, are waited for without end.
 */
export function linkSteps<S extends ScheduledStep>(
  steps: readonly S[],
  settled: ReadonlySet<string>,
): StepNode<S>[] {
  const nodes: StepNode<S>[] = [];
  const byId = new Map<string, StepNode<S>>();
  for (const [index, step] of steps.entries()) {
    if (settled.has(step.id)) continue;
    const node: StepNode<S> = { step, index, rank: 0, waitsFor: 0, dependents: [], state: "pending" };
    nodes.push(node);
    if (byId.has(step.id)) node.waitsFor += 1;
    else byId.set(step.id, node);
  }
  for (const node of nodes) {
    for (const id of node.step.dependsOn) {
      if (settled.has(id)) continue;
      node.waitsFor += 1;
      byId.get(id)?.dependents.push(node);
    }
  }
  return nodes;
}

/** Writes into each step how long the way ahead of it is; steps that can never start do not count. */
export function rankSteps<S extends ScheduledStep>(nodes: readonly StepNode<S>[]): void {
  for (const node of inTopologicalOrder(nodes).reverse()) {
    let longest = 0;
    for (const dependent of node.dependents) longest = Math.max(longest, dependent.rank);
    node.rank = longest + 1;
  }
}

function inTopologicalOrder<S extends ScheduledStep>(nodes: readonly StepNode<S>[]): StepNode<S>[] {
  const order = nodes.filter((node) => node.waitsFor === 0);
  const waitsFor = new Map(nodes.map((node) => [node, node.waitsFor]));
  for (const node of order) {
    for (const dependent of node.dependents) {
      const left = (waitsFor.get(dependent) ?? 0) - 1;
      waitsFor.set(dependent, left);
      if (left === 0) order.push(dependent);
    }
  }
  return order;
}
