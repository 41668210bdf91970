// Owns: one step, from its gate to its result: a direct step, a call, an agent or a for-each step.
// Gives: `runPart` and `runForEach`, whose outcome is a value: they do not throw because a step failed.
// Does not touch: which step is next, and writing the state. A step only reads what it is given.
export { runAgent } from "./agent/index.js";
export { callTool } from "./call-tool.js";
export { findFault } from "./check-output.js";
export { runForEach } from "./for-each.js";
export {
  emitEnd,
  LIMIT_REACHED,
  type Part,
  type PartEnvironment,
  type StepsInCommon,
  type ToolEnvironment,
} from "./part.js";
export { runPart } from "./run-part.js";
export { openStepJournal, type StepJournal } from "./step-journal.js";
export {
  assertOwnOutcome,
  hashStep,
  OutcomeMismatchError,
  type PartOutcome,
  type StepOutcome,
  settlementOf,
} from "./step-outcome.js";
export { StepPast } from "./step-past.js";
export { askOutcome, type Found } from "./unknown-outcome.js";
