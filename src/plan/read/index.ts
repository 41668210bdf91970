// Owns: the forms in which models and people write a plan or a step, and the line form in which people edit one.
// Gives: the public form, or the reason why something could not be read.
// Does not touch: whether the plan is right. validate/ judges that.
export { mayBecomeCalls, readCallsInText, type WrittenCalls } from "./calls-in-text.js";
export { joinPlans } from "./join-plans.js";
export { type ReadPlanOptions, readPlan } from "./read-plan.js";
export { reuseDoneSteps } from "./reuse-done-steps.js";
export { describeCall } from "./step-fields.js";
export { readStepLine, type StepLine, writeStepLine } from "./step-line.js";
export { createStepScanner, type StepScanner } from "./step-scanner.js";
export { writeCallWords, writeStepWords } from "./step-words.js";
export { toTurnNumbers } from "./turn-numbers.js";
export { withoutNulls } from "./without-nulls.js";
