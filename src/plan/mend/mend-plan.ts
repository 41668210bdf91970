import type { Plan } from "../plan.js";
import { conditionsFromCalculator } from "./conditions-from-calculator.js";
import type { MendOptions } from "./known-outputs.js";
import { referencesToSources } from "./references-to-sources.js";

/** Mends what can be meant in one way only. The rest of the plan stays as it is, and what is right as well. */
export function mendPlan(plan: Plan, options: MendOptions): Plan {
  const moved = { ...plan, steps: referencesToSources(plan.steps, options) };
  return { ...moved, steps: conditionsFromCalculator(moved, options) };
}
