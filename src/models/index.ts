export { isCutAnswer } from "./answer-limit.js";
export {
  callModel,
  fallBack,
  LimitError,
  type ModelAnswer,
  type ModelAttempt,
  type ModelCall,
  type ModelCallContext,
} from "./call-model.js";
export { brokenCallIn } from "./judge-answer.js";
export { messageWithoutTags } from "./message-without-tags.js";
export { chooseMark, markIn, mayBecomeMissing, readMissing, toMissing } from "./missing.js";
export { ModelError, type ModelErrorCode } from "./model-error.js";
export { ModelLine, type RoleModels } from "./model-line.js";
export type { PastStep, Playbook, PlaybookMove, PlaybookRequest, PlaybookStep } from "./offline/index.js";
export {
  assertModelName,
  defaultModel,
  type ModelEnvironment,
  type ModelSpec,
  type NamedModels,
  nameOfSpec,
  OFFLINE_MODEL,
  type ReasoningEffort,
  type ResolvedModel,
  resolveModel,
} from "./resolve-model.js";
export { readSection, toSection } from "./sections.js";
export { findTags, withoutTags } from "./tags.js";
export { createUsageMeter, type UsageMeter } from "./usage-meter.js";
