// Owns: the steps that start while a plan is still being written.
// Gives: `withEarlySteps`, which lets them start, and hands them to the executor if the plan is accepted.
// Does not touch: asking for the plan, and what the executor makes of a result.
export type { EarlySteps } from "./early-steps.js";
export { withEarlySteps } from "./with-early-steps.js";
