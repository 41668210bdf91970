import { createNearestName } from "../base/index.js";
import { type ModelSpec, type NamedModels, nameOfSpec } from "../models/index.js";
import type { ToolRegistry } from "../tools/index.js";
import { priceOf } from "../usage/index.js";
import { OptionsError } from "./options-error.js";
import { roleFunctions } from "./role-functions.js";
import type { AgentSettings } from "./settings.js";

/**
 * Throws an `OptionsError` if dollars are limited and a model that may be asked has no price. Nobody could know
 * what such a model costs, and the run would end at its first call.
 */
export function assertPrices(settings: AgentSettings, models: NamedModels, where: string): void {
  const isShared = settings.budget?.limits.maxCostUsd !== undefined;
  if (!isShared && settings.limits.maxCostUsd === undefined) {
    return;
  }
  const limit = isShared ? "budget.maxCostUsd" : "limits.maxCostUsd";
  const { plan, replan, write } = roleFunctions(settings);
  const isAsked = {
    planner: plan === undefined,
    executor: true,
    // If the answer has no model of its own, it uses the replanner's model and the replanner's fallbacks.
    replanner: replan === undefined || (write === undefined && settings.answer.model === undefined),
    answer: write === undefined && settings.answer.model !== undefined,
  };
  const roles = (["planner", "executor", "replanner", "answer"] as const).filter((role) => isAsked[role]);
  const optionsByName = new Map<string, string>();
  for (const role of roles) {
    const { model, fallbacks } = settings[role];
    const { strongModel } = role === "executor" ? settings.executor : {};
    const asked: [string, ModelSpec | undefined][] = [
      [`${role}.model`, model],
      [`${role}.strongModel`, strongModel],
      ...fallbacks.map((spec, index): [string, ModelSpec] => [`${role}.fallbacks.${index}`, spec]),
    ];
    for (const [option, spec] of asked) {
      if (spec === undefined) {
        continue;
      }
      const name = nameOfSpec(spec, models);
      if (priceOf(name, settings.prices) === undefined && !optionsByName.has(name)) {
        optionsByName.set(name, option);
      }
    }
  }
  if (optionsByName.size === 0) {
    return;
  }
  const problems = [...optionsByName].map(
    ([name, option]) =>
      `${limit}: "${name}" (${option}) has no price; set prices["${name}"], or leave the limit out`,
  );
  throw new OptionsError(where, problems);
}

/**
 * Throws an `OptionsError` if an option names a tool that does not exist. A rule of approval with a misspelt name would
 * let calls run that it is meant to hold.
 */
export function assertToolNames(
  { approval, executor }: AgentSettings,
  registries: readonly ToolRegistry[],
): void {
  const named = { "approval.tools": approval.tools, "executor.checkOutput": executor.checkOutput };
  const nearest = createNearestName();
  const known = registries.flatMap(({ names }) => names);
  const problems = Object.entries(named).flatMap(([option, byTool]) =>
    Object.keys(byTool)
      .filter((name) => !registries.some(({ has }) => has(name)))
      .map((name) => {
        const meant = nearest(name, known);
        const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
        return `${option}.${name}: there is no tool of this name${hint}`;
      }),
  );
  if (problems.length > 0) {
    throw new OptionsError("The options of createPlanExecuteAgent", problems);
  }
}
