// Owns: the stages of a turn: it begins, a plan is accepted, a person is asked, it ends.
// Gives: the state update for each stage, and the messages that show the plan.
// Does not touch: models and tools.

export { type AcceptedPlan, acceptPlan, keptSteps, nextPosition } from "./accept-plan.js";
export { askAboutPlan, askPerson } from "./ask-person.js";
export { attachmentsFor, attachmentsOfGoal } from "./attachments.js";
export { beginTurn, hasNewGoal, turnIdOf } from "./begin-turn.js";
export {
  endAtRecursionLimit,
  endCancelled,
  endIncomplete,
  endOrEscalate,
  endRefused,
  finishDone,
  type Refusal,
} from "./end-run.js";
export { endFor, endUnstored, finish, whileStored } from "./finish.js";
export { inSegment } from "./in-segment.js";
export { createKeepMedia, picturesOf, readMedia } from "./kept-media.js";
export { describeProgress } from "./progress.js";
export {
  createPlanView,
  earlierConversation,
  isPlanMessage,
  messageIdFor,
  type PlanView,
  toPlanCard,
  toPlanMessage,
  toPlanMessages,
  whilePlanShown,
  withPlanCard,
} from "./shown/index.js";
export { saysTryAgain, takeUpFailed } from "./try-again.js";
