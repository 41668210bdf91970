// Owns: what is read out of a thread for a page: its steps with their times, the critical path, and how two runs differ.
// Gives: `readRun`, `compareRuns`, and the types of what they find.
// Does not touch: HTML. It has no words for people but those of its errors.
export { type ComparedStep, compareRuns } from "./compare-runs.js";
export {
  type ReadOptions,
  type Run,
  type RunSnapshot,
  type RunStep,
  readRun,
  type StepState,
} from "./read-run.js";
export { ReportError } from "./run-state.js";
export { durationOf, type Span, type SpanKind, WORK_AND_ASKING } from "./spans.js";
