// Owns: verdicts: what waits for a person, when to replan, which errors are worth another try.
// Gives: functions that take values and return a verdict, and the rules of approval that a turn carries along.
// Does not touch: the state, models and tools. What the functions need is passed in.
export { type ActionVerdict, ALL_DECISIONS, judgeAction, planNeedsApproval } from "./approval-policy.js";
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
export {
  type ClaimCheckOptions,
  type ClaimedText,
  type ClaimSources,
  checkClaims,
  createClaimCheck,
  type UnsupportedClaim,
} from "./claims/index.js";
export { isTransient } from "./is-transient.js";
export { createDeeds, type DeedNumbers } from "./plan-deeds.js";
export {
  type FailedStep,
  findRepeatedFailure,
  isSameWork,
  isTrouble,
  neverRan,
  nextMove,
  type Progress,
  type ReplanWhen,
  stopsForReplan,
} from "./replan-policy.js";
export type { ActionRequest, WaitingNotice } from "./waiting-notice.js";
