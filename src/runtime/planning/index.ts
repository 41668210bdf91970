// Owns: asking a model for a plan, and the steps that start while the plan is being written.
// Gives: the planner node, `requestPlan`, early steps.
// Does not touch: running an accepted plan.
export { resolveChosenPlan } from "./chosen-plan.js";
export type { EarlySteps } from "./early-steps.js";
export { createPlanner } from "./planner.js";
export { requestPlan } from "./request-plan.js";
export { answerModels, structureAnswer } from "./structured-answer.js";
export { withEarlySteps } from "./with-early-steps.js";
export { WordsOnly } from "./words-only.js";
