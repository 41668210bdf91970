import { type PreparedPlan, preparePlan, type SavedPlan } from "../plan/index.js";
import type { ToolRegistry } from "../tools/index.js";
import { OptionsError } from "./options-error.js";

/**
 * Checks the saved plans against the tools. Throws an `OptionsError` that names plan, step and field of everything that
 * is wrong.
 */
export function preparePlans(plans: readonly SavedPlan[], registry: ToolRegistry): PreparedPlan[] {
  const tools = registry.planTools();
  const problems: string[] = [];
  const prepared = new Map<string, PreparedPlan>();
  for (const plan of plans) {
    const { name } = plan;
    const result = preparePlan(plan, tools);
    if (prepared.has(name)) {
      problems.push(`plans.${name}: there are two plans of this name`);
    }
    if (result.ok) {
      prepared.set(name, result.plan);
    } else {
      problems.push(...result.problems.map((problem) => `plans.${name}.${problem}`));
    }
  }
  if (problems.length > 0) {
    throw new OptionsError("The options of createPlanExecuteAgent", problems);
  }
  return [...prepared.values()];
}
