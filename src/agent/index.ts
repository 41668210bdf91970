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
export { AnswerError } from "./refuse-late-answers.js";
export { type SteerOptions, steer } from "./steer.js";
