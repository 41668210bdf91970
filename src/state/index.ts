// Owns: the graph's channels: their schemas, reducers, types, derived views, and the migration of older threads.
// Gives: `AgentState` and its parts, each defined once.
// Does not touch: nodes. It does not know who writes a channel.
export { type Effect, effectSchema, mergeEffects, type Undone } from "./effects.js";
export {
  type AgentState,
  createInputSchema,
  graphStateSchema,
  mergeResults,
  outputStateSchema,
  STATE_VERSION,
  type StateChange,
  type StateUpdate,
  stateSchema,
} from "./graph-state.js";
export { STATE_MIGRATION } from "./migrations.js";
export type { PlanCard, PlanCardProps, PlanCardStep } from "./plan-card.js";
export type { Failure, PlanVersion, RunOutcome, RunStatus, UndoneEnding } from "./run-status.js";
export { type SteerChange, type SteerInput, type Steering, steerInputSchema } from "./steering.js";
export {
  type ChosenPlan,
  chosenPlanSchema,
  type Turn,
  type UnfinishedTurn,
  type Verdict,
  type Words,
} from "./turn.js";
export {
  decidedPart,
  failedSteps,
  hasNewDeeds,
  leftSteps,
  openSteps,
  planActionId,
  progressOf,
  replacedResults,
  turnOf,
  unresolvedTrouble,
} from "./views.js";
export {
  type Decision,
  type DecisionType,
  decisionTypeSchema,
  type OpenRequest,
  type SuspendedStep,
  type Waiting,
  type WaitingAction,
  type WaitingGuidance,
  type WaitingPlan,
} from "./waiting.js";
