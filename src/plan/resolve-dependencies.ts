import type { PlanStep } from "./plan.js";
import { referencedIds } from "./references.js";
import type { DependencyNode } from "./topology.js";

/** A step with the fields that decide what it comes after. */
export type DependentStep = Pick<PlanStep, "id"> & Partial<PlanStep>;

/** What has to be known beside the steps. */
export type DependencyOptions = {
  /** Whether a tool, by its name, only reads: its steps may run at any time. */
  readonly isReadOnly: (toolName: string) => boolean;
  /** Ids of all settled steps, failed ones too: references to them are dependencies as well. @default none */
  readonly settled?: Iterable<string>;
  /** Id of the step with which a new remainder begins: it comes after nothing that it does not name. @default none */
  readonly remainderFrom?: string;
};

/**
 * Says for each step everything it comes after: what it names in `dependsOn`, what it refers to and, where
 * `dependsOn` is left out and the step does more than read, the step before it in the list. That last edge
 * is not drawn where it would close a cycle, since a plan may be written in any order.
 */
export function resolveDependencies(
  steps: readonly DependentStep[],
  options: DependencyOptions,
): DependencyNode[] {
  const ids = new Set([...steps.map((step) => step.id), ...(options.settled ?? [])]);
  const position = new Map(steps.map((step, index) => [step.id, index]));
  const stated = steps.map((step) => statedDependencies(step, ids));
  const graph = new Map(steps.map((step, index) => [step.id, stated[index] ?? []]));
  // A way from before a step to that step needs somebody before it who names it or a later one.
  let farthestNamed = -1;
  return steps.map((step, index) => {
    const dependsOn = stated[index] ?? [];
    const previous = steps[index - 1];
    const mayClose = farthestNamed >= index;
    for (const id of dependsOn) farthestNamed = Math.max(farthestNamed, position.get(id) ?? -1);
    if (previous === undefined || !comesAfterPrevious(step, options)) return { id: step.id, dependsOn };
    if (previous.id === step.id || dependsOn.includes(previous.id)) return { id: step.id, dependsOn };
    if (mayClose && reaches(graph, previous.id, step.id)) return { id: step.id, dependsOn };
    const complete = [...dependsOn, previous.id];
    graph.set(step.id, complete);
    return { id: step.id, dependsOn: complete };
  });
}

/** What a step itself says it needs: its `dependsOn` and its references, without itself. */
export function statedDependencies(step: DependentStep, ids: ReadonlySet<string>): string[] {
  const stated = new Set([...(step.dependsOn ?? []), ...referencedIds(step, ids)]);
  stated.delete(step.id);
  return [...stated];
}

function comesAfterPrevious(step: DependentStep, options: DependencyOptions): boolean {
  if (step.id === options.remainderFrom) return false;
  return step.dependsOn === undefined && (step.tool === undefined || !options.isReadOnly(step.tool));
}

function reaches(graph: ReadonlyMap<string, readonly string[]>, from: string, target: string): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === target) return true;
    for (const next of graph.get(id) ?? []) seen.add(next);
  }
  return false;
}
