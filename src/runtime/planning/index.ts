// Owns: asking a model for a plan, and what starts while the plan is still being written.
// Gives: the planner node, `requestPlan`, early steps.
// Does not touch: the carrying out of accepted plans.
export type { EarlySteps } from "./early-steps.js";
export { createPlanner } from "./planner.js";
export { requestPlan } from "./request-plan.js";
export { withEarlySteps } from "./with-early-steps.js";
export { WordsOnly } from "./words-only.js";
