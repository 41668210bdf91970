// Owns: the graph's wiring, and the checks on what comes to the agent from outside: options, inputs, commands, updates.
// Gives: `createPlanExecuteAgent`, `createPlanExecuteGraph`, `steer`, `loadPlans`, `loadProject`, `savePlan`.
// Does not touch: how nodes do their work.
export {
  type AnswerOptions,
  type ApprovalOptions,
  contextSchema,
  createBudget,
  type ExecutorOptions,
  type ExperimentalOptions,
  OptionsError,
  type PlanExecuteOptions,
  type PlannerOptions,
  type Project,
  type ReplannerOptions,
  type RoleOptions,
  type RunContext,
  type ToolSearchOptions,
} from "../options/index.js";
export { registryOf } from "./agent-graph.js";
export type {
  AgentChunk,
  AgentContext,
  AgentInput,
  AgentInterrupt,
  AgentRun,
  AgentRunOptions,
  AgentSnapshot,
  AgentStart,
  AgentUpdate,
  InterruptedRun,
  PlanExecuteAgent,
  PlanExecuteGraph,
} from "./agent-types.js";
export { createPlanExecuteAgent, createPlanExecuteGraph } from "./create-agent.js";
export { createPlanRoutes, type PlanRoutes } from "./plan-routes.js";
export { loadPlans } from "./plans/index.js";
export { type LoadProjectOptions, loadProject } from "./project/index.js";
export { savePlan } from "./save-plan.js";
export { forLiveRun, type SteerOptions, steer } from "./steer.js";
export { AnswerError } from "./take-command.js";
