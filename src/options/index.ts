// Owns: the one schema of the options, and what is made from it: types, checks, defaults, a context's fields, flags.
// Gives: `resolveSettings`, `applyContext`, and the types of the settings of a run.
// Does not touch: the graph, and how nodes use a setting.
export { assertPrices, assertToolNames } from "./assert-settings.js";
export { applyContext, createGraphContext, joinContexts } from "./context.js";
export { createBudget } from "./create-budget.js";
export {
  contextSchema,
  FLAG_FIELDS,
  type FlagValues,
  type PlacedField,
  type RunContext,
  toOptions,
} from "./fields.js";
export { holdDestructive } from "./hold-destructive.js";
export type { FlagGroup } from "./option.js";
export { OptionsError, toProblems } from "./options-error.js";
export { preparePlans } from "./prepare-plans.js";
export { type RoleFunctions, roleFunctions } from "./role-functions.js";
export type {
  AnswerOptions,
  ExecutorOptions,
  PlannerOptions,
  ReplannerOptions,
  RoleOptions,
} from "./roles.js";
export { OPTIONS, type PlanExecuteOptions } from "./schema.js";
export type { ApprovalOptions, ExperimentalOptions, ToolSearchOptions } from "./sections.js";
export { type AgentSettings, type RoleSettings, resolveSettings } from "./settings.js";
export {
  CHAT_MODEL,
  type CheckedCall,
  FROM_CODE,
  type OnWaiting,
  type OutputCheck,
  PLAN,
  PLAN_APPROVALS,
  PLANS,
  type Project,
} from "./values.js";
