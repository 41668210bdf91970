// Owns: the saved plans that an agent is given: the one that a caller chooses, and those in files.
// Gives: `takeChosenPlan` and `loadPlans`.
// Does not touch: what a saved plan is and how it is filled in (`plan/saved`).
export { takeChosenPlan } from "./choose-plan.js";
export { loadPlans } from "./load-plans.js";
