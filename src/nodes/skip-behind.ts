import {
  isPassable,
  type PlanStep,
  type StepError,
  type StepResult,
  topologicalOrder,
} from "../plan/index.js";

/** The result of a step that never ran, since one that it depends on did not come out right. */
export function skippedBehind(step: PlanStep, because: string, endedAt: string): StepResult {
  const error: StepError = {
    code: "DEPENDENCY_FAILED",
    message: `Step ${because} did not come out right.`,
  };
  return { id: step.id, description: step.description, status: "skipped", error, attempts: 0, endedAt };
}

/** Open steps behind one that did not come out right before, by however many steps, and that one. */
export function findSkipped(
  open: readonly PlanStep[],
  dependencies: ReadonlyMap<string, readonly string[]>,
  results: ReadonlyMap<string, StepResult>,
): { readonly step: PlanStep; readonly because: string }[] {
  const nodes = open.map((step) => ({ id: step.id, dependsOn: dependencies.get(step.id) ?? [], step }));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const because = new Map<string, string>();
  for (const id of topologicalOrder(nodes)) {
    for (const dependency of byId.get(id)?.dependsOn ?? []) {
      const result = results.get(dependency);
      const root = result !== undefined && !isPassable(result) ? dependency : because.get(dependency);
      if (root !== undefined) because.set(id, root);
    }
  }
  return nodes.flatMap(({ id, step }) => {
    const root = because.get(id);
    return root === undefined ? [] : [{ step, because: root }];
  });
}
