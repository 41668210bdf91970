// Owns: the graph's wiring, and what comes to the agent from outside a run.
// Gives: `createPlanExecuteAgent`, `createPlanExecuteGraph`, and what is checked at the door.
// Does not touch: how nodes do their work.
export {
  type ApprovalOptions,
  contextSchema,
  type ExecutorOptions,
  type ExperimentalOptions,
  type OfflineOptions,
  OptionsError,
  type PlanExecuteOptions,
  type PlannerOptions,
  type ReplannerOptions,
  type RoleOptions,
  type RunContext,
} from "../options/index.js";
export { registryOf } from "./agent-graph.js";
export { createPlanExecuteAgent, createPlanExecuteGraph, type PlanExecuteAgent } from "./create-agent.js";
export { type SteerOptions, steer } from "./steer.js";
export { AnswerError } from "./take-command.js";
