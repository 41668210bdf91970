export { fillAnswer, isAnswerInWords } from "./answer-words.js";
export { describeCall } from "./describe-call.js";
export { type Filled, fillArgs, fillReferences, type ReferenceValues } from "./fill-references.js";
export { findCycles } from "./find-cycles.js";
export { fingerprint, hashArgs, stableStringify } from "./fingerprint.js";
export type { JsonValue } from "./json.js";
export { createNearestName } from "./nearest-name.js";
export { type Plan, type PlanStep, planSchema, planStepSchema } from "./plan.js";
export type { PlanIssue, PlanIssueCode } from "./plan-issue.js";
export { createArgsParser, type PlanTool, takesNoArguments } from "./plan-tool.js";
export { pointReferences } from "./point-references.js";
export { quote } from "./quote.js";
export { type ReadPlan, type ReadPlanOptions, readPlan } from "./read-plan.js";
export {
  findReferences,
  isLoneReference,
  itemVariables,
  type ReferringFields,
  referencedIds,
  stepReferences,
} from "./references.js";
export { type DependencyOptions, type DependentStep, resolveDependencies } from "./resolve-dependencies.js";
export { rewireSplitSteps } from "./rewire-split-steps.js";
export { whyNoStepId } from "./step-id.js";
export { type StepKind, stepKind } from "./step-kind.js";
export { readStepLine, type StepLine, writeStepLine } from "./step-line.js";
export {
  isPassable,
  type StepError,
  type StepErrorCode,
  type StepResult,
  type StepStatus,
  stepErrorCodeSchema,
  stepErrorSchema,
  stepResultSchema,
  stepStatusSchema,
} from "./step-result.js";
export { createStepScanner, type StepScanner } from "./step-scanner.js";
export { escapeReferences, type KnownIds, type ReferenceTarget, splitReference } from "./template.js";
export { type DependencyNode, longestWayAhead, topologicalOrder } from "./topology.js";
export { type ValidatePlanOptions, validatePlan } from "./validate-plan.js";
export {
  hasHidden,
  toQuoted,
  toVisible,
  toVisibleJson,
  toVisibleName,
  toVisibleText,
  withoutHidden,
} from "./visible-text.js";
