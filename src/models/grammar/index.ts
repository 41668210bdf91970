// Owns: answers that a grammar holds to a JSON schema: the schema, the forms of it that servers take, and the call.
// Gives: `toBareSchema`, `heldSchema` and `askHeld`, and what was learned of each server while the process runs.
// Does not touch: what is asked. Planner and steps make schemas of their own.
export { type AnswerForm, askInForm, FORM_TAG } from "./asked-in-form.js";
export { type BareSchema, toBareSchema, type Widen } from "./bare-schema.js";
export { askHeld, type HeldAnswer, holdsToSchemas } from "./held-answer.js";
export { type CallMethod, callMethodOf, noteCallMethod, prefersSchema } from "./known-methods.js";
export { heldSchema, isLearnedFrom, keyOfModel, noteUnheld, takesSchemas } from "./known-servers.js";
export { ResultText } from "./result-text.js";
