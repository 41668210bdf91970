// Owns: the graph's nodes.
// Gives: the planner, executor, replanner, approval and retry nodes, and the routes between them.
// Does not touch: wiring the nodes into a graph, and how options are read. `agent` and `options` do that.
export { createApproval, editPlanText } from "./approval/index.js";
export { createExecutor } from "./execution/index.js";
export { createPlanner, resolveChosenPlan } from "./planning/index.js";
export { createReplanner } from "./replanning/index.js";
export { createRetry } from "./retry.js";
export {
  AFTER_APPROVAL,
  AFTER_EXECUTOR,
  AFTER_PLANNER,
  AFTER_REPLANNER,
  AFTER_RETRY,
  afterApproval,
  afterExecutor,
  afterPlanner,
  afterReplanner,
  afterRetry,
  nextFrom,
} from "./routes.js";
export {
  type ActionRequest,
  type AgentServices,
  type AgentSettings,
  ApprovalError,
  type ApprovalRequest,
  approvalOf,
  createEarlyStepsByRun,
  createLiveThreads,
  createSeenOutputs,
  createSuperstepCounter,
  InputError,
  inLiveRun,
  type LiveRun,
  lendBudget,
  type OnWaiting,
  type OutputCheck,
  type RoleSettings,
  RunStorage,
  requesterOf,
  StateUpdateError,
  StateVersionError,
  StorageError,
  storageOf,
  threadKey,
  timeNow,
  toRefusalNotice,
  userNamespace,
  type WaitingNotice,
  withLiveRun,
} from "./run/index.js";
export { applySteering, nothingToSteer, tellSteering, toSteeredUpdate } from "./steering/index.js";
export { OutcomeMismatchError } from "./steps/index.js";
export {
  inSegment,
  isPlanMessage,
  readMedia,
  saysTryAgain,
  whilePlanShown,
  whileStored,
  withPlanCard,
} from "./turn/index.js";
