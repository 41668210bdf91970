// Owns: everything that stops for a person, in one interrupt.
// Gives: the approval node: it asks, reads the answer and carries it out.
// Does not touch: models and tools: a decision is recorded here and acted on elsewhere.
export { createApproval } from "./approval.js";
export { editPlanText } from "./read-edited-steps.js";
