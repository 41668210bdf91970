import { createHmac } from "node:crypto";
import { type PlanStep, topologicalOrder } from "../plan/index.js";
import type { ScheduledStep } from "../scheduler/index.js";
import { MAX_WINDOW } from "./settings.js";
import { hashStep } from "./step-outcome.js";

/** A step as the scheduler sees it. */
export interface WindowStep extends ScheduledStep {
  readonly step: PlanStep;
  readonly stepHash: string;
  /** The number of its task: the same whenever the same superstep is begun. */
  readonly place: number;
}

/**
 * The next steps, at most a window of them, in plan order: those that were under way when they had to wait, then
 * those that stand first in an order in which none comes before what it depends on. `secret` is known to the turn's
 * state alone.
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
    place: placeOf(step, secret),
  }));
  if (steps.length <= MAX_WINDOW) return steps;
  const underWay = steps.filter(({ stepHash }) => isUnderWay(stepHash)).map(({ id }) => id);
  const chosen = new Set([...new Set([...underWay, ...topologicalOrder(steps)])].slice(0, MAX_WINDOW));
  return steps.filter(({ id }) => chosen.has(id));
}

/**
 * LangGraph makes a task's id of its name and number, and an encrypted database shows ids of tasks: with numbers that
 * anybody can count, a guess at a step's id could be checked.
 */
function placeOf({ id }: PlanStep, secret: string): number {
  const digest = createHmac("sha256", secret).update(id).digest();
  return Number(digest.readBigUInt64BE() >> 11n);
}

/** Why no step can start, where none did; undefined where none was to. */
export function describeStuck(notStarted: readonly WindowStep[]): string | undefined {
  if (notStarted.length === 0) return undefined;
  const named = notStarted.map(({ id, dependsOn }) => `${id} (after ${dependsOn.join(", ") || "nothing"})`);
  return `No step of the plan can start: ${named.join("; ")}.`;
}
