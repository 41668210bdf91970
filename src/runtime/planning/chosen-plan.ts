import { fillSavedPlan, type Plan } from "../../plan/index.js";
import type { ChosenPlan } from "../../state/index.js";
import { type AgentServices, InputError } from "../run/index.js";

/** The saved plan that a run's caller chose, with its values. */
export interface ChosenUse {
  readonly plan: Plan;
  readonly goal: string;
  readonly reason: string;
}

/** Fills the values into the saved plan that a run's caller chose. Throws an `InputError` if that cannot be done. */
export function resolveChosenPlan(
  { name, with: values }: ChosenPlan,
  { plans, registry, settingsFor }: Pick<AgentServices, "plans" | "registry" | "settingsFor">,
  runContext: unknown,
): ChosenUse {
  const { toolNames } = settingsFor(runContext);
  const tools = toolNames === undefined ? registry : registry.only(toolNames);
  const used = fillSavedPlan({ use: name, with: values }, plans, tools.planTools());
  if (!used.ok) {
    throw new InputError(used.isKnown ? "PLAN_UNUSABLE" : "PLAN_UNKNOWN", used.issues.join(" "));
  }
  return { plan: used.plan, goal: used.goal, reason: describeSaved(name) };
}

/** The reason that a version of the plan has if it is a saved plan. */
export function describeSaved(name: string): string {
  return `the saved plan "${name}"`;
}
