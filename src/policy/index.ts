export {
  type ActionVerdict,
  allDecisions,
  type JudgedCall,
  judgeAction,
  planNeedsApproval,
} from "./approval-policy.js";
export type {
  ApprovalDecision,
  ApprovalRule,
  ApprovalTools,
  PlanApproval,
  RefusalSituation,
} from "./approval-rule.js";
export { type Backoff, backoffMs } from "./backoff.js";
export { type Duration, LONGEST_DURATION_MS, toMilliseconds } from "./duration.js";
export { isTransient } from "./is-transient.js";
export { type Move, nextMove, type Situation } from "./next-move.js";
export { createDeeds, type DeedNumbers } from "./plan-deeds.js";
export { isTrouble, neverRan, type Progress, type ReplanWhen, stopsForReplan } from "./replan-policy.js";
export type { Requester } from "./requester.js";
export { findRepeatedFailure, isSameWork } from "./stall.js";
export {
  type ApprovalRules,
  joinStanding,
  NO_STANDING_RULES,
  type StandingRules,
  standingFrom,
} from "./standing-rules.js";
