// Owns: what a plan is: its schema, the results of its steps, references between them, dependencies and their order.
// Gives: the plan's types, reading (read/), validation (validate/), and values with their references filled in.
// Does not touch: LangChain, tools' code, the state. It is pure, and depends on zod alone.
export { fillAnswer, isAnswerInWords, readDirectAnswer, withoutEarlyAnswer } from "./answer-words.js";
export { conditionUses } from "./condition-uses.js";
export { resolveDependencies, rewireSplitSteps } from "./dependencies.js";
export {
  fillArgs,
  fillField,
  fillReferences,
  pointReferences,
  type ReferenceValues,
} from "./fill-references.js";
export { isUnclosedJson, readWholeJson } from "./json-in-text.js";
export { judgeCondition } from "./judge-condition.js";
export { echoesGoal, filesOfGoal, leaveToExecutor, mendPlan } from "./mend/index.js";
export { type OutputShape, shapeOfSchema, shapeOfValue, writeShape } from "./output-shape.js";
export {
  mayUse,
  type Plan,
  type PlanAuthor,
  type PlanStep,
  planAuthorSchema,
  planSchema,
  planStepSchema,
  stepKind,
} from "./plan.js";
export { createArgsParser, type PlanTool, takesNoArguments } from "./plan-tool.js";
export {
  createStepScanner,
  describeCall,
  joinPlans,
  mayBecomeCalls,
  type ReadPlanOptions,
  readCallsInText,
  readPlan,
  readStepLine,
  reuseDoneSteps,
  type StepLine,
  type StepScanner,
  toTurnNumbers,
  type WrittenCalls,
  withoutNulls,
  writeCallWords,
  writeStepLine,
  writeStepWords,
} from "./read/index.js";
export { readItems } from "./read-items.js";
export {
  escapeReferences,
  findReferences,
  ITEM_VARIABLES,
  referencedIds,
  splitReference,
} from "./references.js";
export {
  type FilledPlan,
  fillSavedPlan,
  isZodObject,
  type PlanToSave,
  type PlanUse,
  type PreparedPlan,
  preparePlan,
  readPlanUse,
  type SavedPlan,
  type SavedPlanEntry,
  savedPlanOf,
} from "./saved/index.js";
export {
  isPassable,
  type RetriedAttempt,
  type StepError,
  type StepErrorCode,
  type StepResult,
  type StepStatus,
  splitReplaced,
  stepErrorSchema,
  stepResultSchema,
  stepStatusSchema,
} from "./step-result.js";
export { longestWayAhead, topologicalOrder } from "./topology.js";
export { type PlanIssue, type PlanIssueCode, validatePlan } from "./validate/index.js";
