import { type Budget, type BudgetLimits, createLedger, noSpending, type Spending } from "../usage/index.js";
import { toSchema } from "./option.js";
import { OptionsError, toProblems } from "./options-error.js";
import { LIMITS } from "./sections.js";

const { maxModelCalls, maxTokens, maxCostUsd } = LIMITS;
const SHARED_LIMITS = toSchema({ maxModelCalls, maxTokens, maxCostUsd });

/**
 * Creates a budget that runs of this process share, of one agent or of several. A run that finds it used up ends as a
 * run does that reaches a limit of its own. `spent` is what was used before, such as in a batch that was cut off.
 */
export function createBudget(limits: BudgetLimits, spent: Spending = noSpending()): Budget {
  const checked = SHARED_LIMITS.safeParse(limits);
  if (!checked.success) {
    throw new OptionsError("The limits of createBudget", checked.error.issues.flatMap(toProblems));
  }
  const owner = { subject: "The runs that share a budget have", option: "createBudget" };
  return { ...createLedger(checked.data, owner, { ...spent }, () => 0), limits: checked.data };
}
