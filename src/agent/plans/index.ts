// Owns: an agent's saved plans: the one that a caller chooses, those in files, and a run's plan saved as one.
// Gives: `takeChosenPlan`, `loadPlans` and `savePlan`.
// Does not touch: what a saved plan is and how it is filled in (`plan/saved`).
export { takeChosenPlan } from "./choose-plan.js";
export { loadPlans } from "./load-plans.js";
export { savePlan } from "./save-plan.js";
