import type { RunnableConfig } from "@langchain/core/runnables";
import { isCommand } from "@langchain/langgraph";
import { isRecord } from "../../base/index.js";
import { isNested } from "../../langgraph/index.js";
import { type AgentServices, InputError, resolveChosenPlan } from "../../runtime/index.js";
import { chosenPlanSchema } from "../../state/index.js";

/**
 * Puts the saved plan of a run's input, `plan`, into the channel of the choice, because the state's `plan` is the list
 * of steps. An input without one takes back an earlier choice, whose turn never began. Throws an `InputError` if the
 * plan cannot be used, before anything is written.
 */
export function takeChosenPlan(
  input: unknown,
  options: RunnableConfig & { readonly context?: unknown },
  services: AgentServices,
): unknown {
  if (!isRecord(input) || isCommand(input)) {
    return input;
  }
  const { plan, ...others } = input;
  if (!isRecord(plan)) {
    return { ...others, chosenPlan: null };
  }
  const { success, data: chosenPlan } = chosenPlanSchema.safeParse(plan);
  if (success) {
    resolveChosenPlan(chosenPlan, services, options.context);
    return { ...others, chosenPlan };
  }
  // A graph around this one may keep something else under this name.
  if (isNested(options)) {
    return { ...others, chosenPlan: null };
  }
  throw new InputError(
    "PLAN_UNUSABLE",
    'The input\'s plan must name a saved plan and give its values: { name: "report", with: { month: "2026-11" } }.',
  );
}
