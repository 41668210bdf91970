// Owns: verdicts: what waits for a person, when to replan, what is worth another try.
// Gives: functions of values that return a verdict.
// Does not touch: the state, models and tools: what they need is passed in.
export { ALL_DECISIONS, judgeAction, planNeedsApproval } from "./approval-policy.js";
export {
  type ApprovalRule,
  type ApprovalRules,
  type ApprovalTools,
  joinStanding,
  NO_STANDING_RULES,
  type PlanApproval,
  type RefusalSituation,
  type Requester,
  type StandingRules,
  standingFrom,
} from "./approval-rules.js";
export { isTransient } from "./is-transient.js";
export { createDeeds, type DeedNumbers } from "./plan-deeds.js";
export {
  findRepeatedFailure,
  isSameWork,
  isTrouble,
  neverRan,
  nextMove,
  type Progress,
  type ReplanWhen,
  stopsForReplan,
} from "./replan-policy.js";
