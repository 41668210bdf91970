// Owns: options and their defaults, a run's context, and the graph's wiring.
// Gives: `createPlanExecuteAgent`, `createPlanExecuteGraph`, and what is checked at the door.
// Does not touch: how nodes do their work.
export { registryOf } from "./agent-graph.js";
export { contextSchema, type RunContext } from "./context.js";
export { createPlanExecuteAgent, createPlanExecuteGraph, type PlanExecuteAgent } from "./create-agent.js";
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
export { OptionsError } from "./options-error.js";
export { type SteerOptions, steer } from "./steer.js";
export { AnswerError } from "./take-command.js";
