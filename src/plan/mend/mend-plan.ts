import type { Plan } from "../plan.js";
import type { PlanTool } from "../plan-tool.js";
import { conditionsFromCalculator } from "./conditions-from-calculator.js";
import { referencesToSources } from "./references-to-sources.js";

/** What a plan is mended by. */
export interface MendOptions {
  readonly tools: readonly PlanTool[];
  /** Ids of the steps of the turn that have ended. References to them stay as they are. */
  readonly pastIds: readonly string[];
}

/** Mends what can be meant in one way only. The rest of the plan stays as it is, and what is right as well. */
export function mendPlan(plan: Plan, options: MendOptions): Plan {
  const moved = { ...plan, steps: referencesToSources(plan.steps, options) };
  return { ...moved, steps: conditionsFromCalculator(moved, options) };
}
