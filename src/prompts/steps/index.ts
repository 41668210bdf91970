// Owns: what the executor's model is told about a step, and the form that it fills in where it is not offered tools.
// Gives: the messages of calls and agents, and the shape of a result that a step's readers need.
// Does not touch: plans and answers.
export {
  chooseStepMarks,
  type ExecutorPrompt,
  REPEAT_RULE,
  toAgentInstructions,
  toCallMessages,
  toExpectation,
  toTaskMessage,
  toWorkerMessage,
} from "./executor.js";
export { neededShape } from "./needed-output.js";
export { type StepFormParts, toStepForm } from "./step-form.js";
