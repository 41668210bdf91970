// Owns: what must be true of a plan before any of it runs.
// Gives: all issues of a plan at once, each with a way to mend it and, if one is at fault, the step.
// Does not touch: the plan itself. It changes nothing.
export type { PlanIssue, PlanIssueCode } from "../plan-issue.js";
export { validatePlan } from "./validate-plan.js";
