// Owns: the graph's nodes at work.
// Gives: planner, executor, replanner, approval, retry, and the routes between them.
// Does not touch: how the graph is wired, and the options: `agent` does both.
export { createApproval, editPlanText } from "./approval/index.js";
export { createExecutor } from "./execution/index.js";
export { createPlanner } from "./planning/index.js";
export { createReplanner } from "./replanning/index.js";
export { createRetry, RETRY_NODE } from "./retry.js";
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
  type ApprovalRequest,
  createEarlyStepsByRun,
  createLiveThreads,
  createSuperstepCounter,
  InputError,
  inLiveRun,
  type LiveRun,
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
  userNamespace,
  type WaitingNotice,
  withLiveRun,
} from "./run/index.js";
export { applySteering, nothingToSteer, tellSteering, toSteeredUpdate } from "./steering/index.js";
export { OutcomeMismatchError } from "./steps/index.js";
export { whileStored } from "./turn/index.js";
