// Owns: what must be true of a plan before anything of it runs.
// Gives: every issue of a plan at once, each with its step and a way to mend it.
// Does not touch: the plan itself: it changes nothing.
export type { PlanIssue, PlanIssueCode } from "./plan-issue.js";
export { validatePlan } from "./validate-plan.js";
