export { describeError } from "./describe-error.js";
export { PlanExecuteError } from "./plan-execute-error.js";
