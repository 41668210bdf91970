export {
  type ApprovalOptions,
  contextSchema,
  createPlanExecuteAgent,
  createPlanExecuteGraph,
  type ExecutorOptions,
  OptionsError,
  type PlanExecuteOptions,
  type PlannerOptions,
  type ReplannerOptions,
  type RoleOptions,
  type RunContext,
  type SteerOptions,
  steer,
} from "./agent/index.js";
export {
  CheckpointerError,
  type CheckpointerKind,
  type CheckpointerOptions,
  createCheckpointer,
  createEncryptedSerializer,
  createStore,
  type EncryptedSerializerOptions,
  type EncryptionKey,
  encryptionKeysFromEnvironment,
  type OpenCheckpointer,
  type OpenStore,
  type StoreOptions,
  ThreadBusyError,
  type ThreadHolder,
  ThreadLockLostError,
  type ThreadLockOptions,
  withThreadLock,
} from "./checkpoint/index.js";
export { PlanExecuteError } from "./errors/index.js";
export type { AgentEvent, EventListener, RunEvent } from "./events/index.js";
export { ModelError, type ModelSpec, type ReasoningEffort } from "./models/index.js";
export {
  type ActionRequest,
  type ApprovalRequest,
  InputError,
  type OnWaiting,
  OutcomeMismatchError,
  type OutputCheck,
  StateUpdateError,
  type WaitingNotice,
} from "./nodes/index.js";
export {
  isPassable,
  type JsonValue,
  type Plan,
  type PlanIssue,
  type PlanIssueCode,
  type PlanStep,
  planSchema,
  readPlan,
  type StepResult,
  type StepStatus,
  validatePlan,
} from "./plan/index.js";
export type {
  ApprovalRule,
  ApprovalTools,
  Duration,
  PlanApproval,
  Progress,
  ReplanWhen,
} from "./policy/index.js";
export {
  type AgentState,
  type Decision,
  type RunOutcome,
  type RunStatus,
  type SteerChange,
  type Steering,
  stateSchema,
} from "./state/index.js";
export {
  type AgentTool,
  type BuiltinToolsOptions,
  createBuiltinTools,
  createCalculatorTool,
  createFileTools,
  createHttpGetTool,
  createSearchTool,
  type HttpGetOptions,
  type SearchProvider,
  SearchToolError,
  type SearchToolOptions,
  ToolRegistryError,
} from "./tools/index.js";
export type { Limits, Price, Prices, Usage } from "./usage/index.js";
