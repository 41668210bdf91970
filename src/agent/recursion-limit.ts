import type { PlanExecuteOptions } from "./options.js";

/** Supersteps that a turn of usual length needs at the most; a longer one sets its own `recursionLimit`. */
const LEAST = 100;
/** Supersteps between two visits of the replanner: the executor, an approval, the executor again, the replanner. */
const A_REPLAN = 4;

/** A recursion limit that no turn within the agent's own limits meets. */
export function recursionLimitFor({ planner, replanner }: PlanExecuteOptions): number {
  const maxSteps = planner?.maxSteps ?? 12;
  const maxReplans = replanner?.maxReplans ?? 3;
  return LEAST + A_REPLAN * (maxReplans + 1) * (maxSteps + 1);
}
