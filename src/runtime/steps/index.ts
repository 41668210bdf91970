// Owns: one step, from its gate to its result: direct, call, agent, for each.
// Gives: `runStep`, which returns an outcome and never throws for a step.
// Does not touch: which step is next, and the state: it gets what it may see.
export { callTool, type ToolEnvironment } from "./call-tool.js";
export { findFault } from "./check-output.js";
export { emitEnd, LIMIT_REACHED, type Part, type PartEnvironment } from "./part.js";
export { runStep } from "./run-step.js";
export { openStepJournal, type StepJournal } from "./step-journal.js";
export {
  assertOwnOutcome,
  hashStep,
  OutcomeMismatchError,
  type StepOutcome,
  settlementOf,
} from "./step-outcome.js";
