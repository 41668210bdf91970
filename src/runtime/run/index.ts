// Owns: what every node runs with: services, settings, storage, time and step limits, and the thread's live runs.
// Gives: `createNodeContext`, and the errors and types that all nodes share.
// Does not touch: what a node decides.
export {
  type AgentSettings,
  type CheckedCall,
  type OnWaiting,
  type OutputCheck,
  type RoleSettings,
  roleFunctions,
} from "../../options/index.js";
export type { ActionRequest, WaitingNotice } from "../../policy/index.js";
export {
  ANSWER,
  type ApprovalRequest,
  isGivenUp,
  nameAction,
  placeOf,
  shownName,
  stepOf,
  toApprovalRequest,
  toCode,
  toRefusalNotice,
  toWaitingNotice,
} from "./approval-request.js";
export { askFunction, callFunction, readJudgedAnswer } from "./ask-function.js";
export { createEarlyStepsByRun, type EarlyAgentEnd, type EarlyAgentRun, type EarlyRun } from "./early-run.js";
export {
  ApprovalError,
  assertKnownVersion,
  InputError,
  StateUpdateError,
  StateVersionError,
} from "./errors.js";
export {
  CANCELLED,
  createLiveThreads,
  inLiveRun,
  type LiveRun,
  type SteeringMail,
  stepNotRunning,
  threadKey,
  withLiveRun,
} from "./live-threads.js";
export {
  type AgentServices,
  createNodeContext,
  lendBudget,
  type NodeContext,
  timeNow,
  todayIn,
} from "./node-context.js";
export {
  type Approval,
  type Attempt,
  type Attempts,
  actionIdOf,
  callKey,
  type PermittedCall,
  UNDO,
} from "./permitted-call.js";
export { assertAnswer, rawAnswerIn } from "./raw-answer.js";
export { approvalOf, requesterOf, userNamespace } from "./requester.js";
export { createSeenOutputs, describeTools, type SeenOutputs } from "./seen-outputs.js";
export {
  ATTACHMENT_BYTES,
  MAX_AGENT_CALLS,
  MAX_ATTACHED_CHARACTERS,
  MAX_CONVERSATION_BYTES,
  MAX_GOAL_CHARACTERS,
  MAX_ITEMS,
  MAX_ITEMS_MS,
  MAX_NOTIFY_ATTEMPTS,
  MAX_PLAN_REJECTIONS,
  MAX_PLAN_REPAIRS,
  MAX_PROMPT_INPUTS_BYTES,
  MAX_PROMPT_OUTPUT_BYTES,
  MAX_STATE_OUTPUT_BYTES,
  MAX_WINDOW,
  NOTIFY_TIMEOUT_MS,
} from "./settings.js";
export { createStepCounter, type StepCounter, wasBegun } from "./step-counter.js";
export { RunStorage, StorageError, storageOf, type Tried, tryStorage } from "./storage.js";
export { createSuperstepCounter } from "./superstep-counter.js";
export { createTimeLimit, withinTime } from "./time-limit.js";
