import { taskPlace } from "../../langgraph/index.js";
import {
  isPassable,
  type PlanStep,
  type StepError,
  type StepResult,
  topologicalOrder,
} from "../../plan/index.js";
import type { ScheduledStep } from "../../scheduler/index.js";
import { MAX_WINDOW } from "../run/index.js";
import { hashStep } from "../steps/index.js";

/** A step as the scheduler sees it. */
export interface WindowStep extends ScheduledStep {
  readonly step: PlanStep;
  readonly stepHash: string;
  /** The number of its task. It is the same each time the same superstep begins. */
  readonly place: number;
}

/**
 * Chooses the next steps, at most a window of them, and returns them in plan order. Steps that are suspended come
 * first. The rest are taken in an order in which no step precedes its dependencies. Only the turn's state knows
 * `secret`.
 */
export function toWindow(
  open: readonly PlanStep[],
  dependencies: ReadonlyMap<string, readonly string[]>,
  isUnderWay: (stepHash: string) => boolean,
  secret: string,
): readonly WindowStep[] {
  const steps = open.map((step) => ({
    id: step.id,
    dependsOn: dependencies.get(step.id) ?? [],
    step,
    stepHash: hashStep(step),
    place: taskPlace(step.id, secret),
  }));
  if (steps.length <= MAX_WINDOW) {
    return steps;
  }
  const underWay = steps.filter(({ stepHash }) => isUnderWay(stepHash)).map(({ id }) => id);
  const chosen = new Set([...new Set([...underWay, ...topologicalOrder(steps)])].slice(0, MAX_WINDOW));
  return steps.filter(({ id }) => chosen.has(id));
}

/** Says why no step can start, if none did. Returns undefined if none was due. */
export function describeStuck(notStarted: readonly WindowStep[]): string | undefined {
  if (notStarted.length === 0) {
    return undefined;
  }
  const named = notStarted.map(({ id, dependsOn }) => `${id} (after ${dependsOn.join(", ") || "nothing"})`);
  return `No step of the plan can start: ${named.join("; ")}.`;
}

/** The result of a step that never ran because a step it depends on did not succeed. */
export function skippedBehind(step: PlanStep, because: string, endedAt: string): StepResult {
  const error: StepError = {
    code: "DEPENDENCY_FAILED",
    message: `Step ${because} did not come out right.`,
  };
  return { id: step.id, description: step.description, status: "skipped", error, attempts: 0, endedAt };
}

/** Finds the open steps that depend, directly or not, on a step that did not succeed, and names that step. */
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
      if (root !== undefined) {
        because.set(id, root);
      }
    }
  }
  return nodes.flatMap(({ id, step }) => {
    const root = because.get(id);
    return root === undefined ? [] : [{ step, because: root }];
  });
}
