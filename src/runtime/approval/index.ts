// Owns: everything that stops for a person, in one interrupt.
// Gives: the approval node, which asks, reads the answer and applies it; and `editPlanText`.
// Does not touch: models, and calling tools. It records a decision on a call, and the executor acts on it.
export { createApproval } from "./approval.js";
export { editPlanText } from "./read-edited-steps.js";
