// Owns: asking for a plan, the steps that start while it is being written, and the answer in the form of `responseFormat`.
// Gives: the planner node, `requestPlan`, early steps, `structureAnswer`.
// Does not touch: running an accepted plan.
export { answerCallbacks } from "./answer-only.js";
export { answerAllTheSame, writeCheckedAnswer } from "./checked-answer.js";
export { resolveChosenPlan } from "./chosen-plan.js";
export { type EarlySteps, withEarlySteps } from "./early/index.js";
export { isBrief, lookAhead, withoutStrangers } from "./look-ahead.js";
export { createPlanner } from "./planner.js";
export { requestPlan } from "./request-plan.js";
export { showTools } from "./shown-tools.js";
export { answerModels, structureAnswer } from "./structured-answer.js";
export { type Closing, cutForPrompt, writeAnswer } from "./write-answer.js";
export { showWritten } from "./written-plan.js";
