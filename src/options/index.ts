// Owns: the options: their types, checks and defaults, and what a run's context sets of them.
// Gives: `resolveSettings`, `applyContext`, the settings that a run is governed by.
// Does not touch: the graph, and how nodes use a setting.
export {
  applyContext,
  contextSchema,
  createGraphContext,
  joinContexts,
  type RunContext,
} from "./context.js";
export type {
  ApprovalOptions,
  ExecutorOptions,
  ExperimentalOptions,
  OfflineOptions,
  PlanExecuteOptions,
  PlannerOptions,
  ReplannerOptions,
  RoleOptions,
} from "./options.js";
export { assertPrices, assertToolNames, OptionsError } from "./options-error.js";
export { resolveSettings, toProblems } from "./resolve-settings.js";
export type { AgentSettings, CheckedCall, OnWaiting, OutputCheck, RoleSettings } from "./settings.js";
