export { type Failure, failureSchema } from "./failure.js";
export {
  type AgentState,
  graphStateSchema,
  inputStateSchema,
  outputStateSchema,
  STATE_VERSION,
  type StateChange,
  type StateUpdate,
  stateSchema,
} from "./graph-state.js";
export { type PlanVersion, planVersionSchema } from "./plan-version.js";
export { mergeResults } from "./reducers.js";
export { type RunOutcome, type RunStatus, runOutcomeSchema, runStatusSchema } from "./run-status.js";
export {
  type SteerChange,
  type SteerInput,
  type Steering,
  steerChangeSchema,
  steerInputSchema,
  steeringSchema,
} from "./steering.js";
export {
  decidedPart,
  hasNewDeeds,
  leftSteps,
  openSteps,
  planActionId,
  progressOf,
  unresolvedTrouble,
} from "./views.js";
export {
  type Decision,
  type DecisionType,
  decisionSchema,
  decisionTypeSchema,
  type SuspendedStep,
  suspendedStepSchema,
  type Waiting,
  type WaitingAction,
  type WaitingGuidance,
  type WaitingPlan,
  waitingSchema,
} from "./waiting.js";
