// Owns: how a person at a terminal is asked, and how their words become an answer.
// Gives: `createPersonAsker`, edits, requests that wait.
// Does not touch: runs. It returns the value that resumes one.
export { type Answer, answersTo, toResumeLines } from "./answers.js";
export { createPersonAsker, describeExpiry, type PersonAsker } from "./ask-person.js";
export { type Choice, describeAction, describePlan, nameAction, toDecision } from "./describe-action.js";
export { editText } from "./edit-action.js";
export { planText, type ToolKnowledge, toEditable } from "./editable.js";
export { type EditKnowledge, hintTo, readFormChoice } from "./form-choice.js";
export {
  type PendingAction,
  type PendingRequest,
  readThread,
  type ThreadState,
  type ThreadValues,
} from "./pending-request.js";
export { createPrompter } from "./prompter.js";
