// Owns: one step, from its gate to its result: direct, call, agent, for each.
// Gives: `runPart` and `runForEach`, which return an outcome and never throw for a step.
// Does not touch: which step is next, and the state: it gets what it may see.
export { callTool, type ToolEnvironment } from "./call-tool.js";
export { findFault } from "./check-output.js";
export { runForEach } from "./for-each.js";
export { emitEnd, LIMIT_REACHED, type Part, type PartEnvironment, type StepsInCommon } from "./part.js";
export { runPart } from "./run-part.js";
export { openStepJournal, type StepJournal } from "./step-journal.js";
export {
  assertOwnOutcome,
  hashStep,
  OutcomeMismatchError,
  type StepOutcome,
  settlementOf,
} from "./step-outcome.js";
export { StepPast } from "./step-past.js";
