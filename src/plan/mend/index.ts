// Owns: mends of plans that small models write, where only one thing can be meant.
// Gives: `mendPlan`, and `leaveToExecutor` for calls whose arguments are wrong.
// Does not touch: plans that are right, and what has to be asked.
export { echoesGoal } from "./echoes-goal.js";
export { filesOfGoal } from "./files-of-goal.js";
export { leaveToExecutor } from "./leave-to-executor.js";
export { mendPlan } from "./mend-plan.js";
