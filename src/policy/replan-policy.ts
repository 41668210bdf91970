import { isPassable, type PlanStep, type StepResult } from "../plan/index.js";
import type { Requester } from "./requester.js";

/** How far a run has come, each time a step settles. */
export interface Progress {
  readonly goal: string;
  /** The whole current plan. */
  readonly plan: readonly PlanStep[];
  /** What became of the steps that ended. */
  readonly pastSteps: readonly StepResult[];
  /** Steps that have not ended. */
  readonly remaining: readonly PlanStep[];
}

/** When the replanner's model is asked although the plan could go on. */
export type ReplanWhen =
  | "needed"
  | "every-step"
  | ((progress: Progress, requester: Requester) => boolean | Promise<boolean>);

/**
 * Whether nothing new may start until the replanner was asked. `needed` never says so: what can still run is
 * run, and the replanner is asked once for all that went wrong.
 */
export async function stopsForReplan(
  when: ReplanWhen,
  progress: Progress,
  requester: Requester,
): Promise<boolean> {
  if (progress.remaining.length === 0) return false;
  if (when === "needed") return false;
  return when === "every-step" || (await when(progress, requester));
}

/** Whether a step ended in a way that the plan did not foresee. */
export function isTrouble(result: StepResult): boolean {
  return !isPassable(result) && result.status !== "skipped";
}

/** Whether a step was skipped because one that it depends on did not come out right: it never ran. */
export function neverRan(result: StepResult): boolean {
  return result.status === "skipped" && !isPassable(result);
}
