// Owns: plans that were thought out before: their check, their parameters, and how values come into them.
// Gives: a plan like any other, with the values filled in.
// Does not touch: files and the state. It is pure, and depends on zod alone.

export { type FilledPlan, fillSavedPlan } from "./fill-saved-plan.js";
export { type PlanToSave, savedPlanOf } from "./from-run.js";
export { isZodObject } from "./parameters.js";
export { preparePlan } from "./prepare-plan.js";
export { readPlanUse } from "./read-plan-use.js";
export type { PlanUse, PreparedPlan, SavedPlan, SavedPlanEntry } from "./saved-plan.js";
