// Owns: every form in which models and people write a plan or a step.
// Gives: the public form, or a sentence that says what could not be understood.
// Does not touch: whether the plan is right: validate/ judges.
export { readPlan } from "./read-plan.js";
export { describeCall } from "./step-fields.js";
export { readStepLine, type StepLine, writeStepLine } from "./step-line.js";
export { createStepScanner, type StepScanner } from "./step-scanner.js";
