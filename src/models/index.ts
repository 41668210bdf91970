export {
  callModel,
  createUsageMeter,
  LimitError,
  type ModelCall,
  type ModelCallContext,
  type UsageMeter,
} from "./call-model.js";
export { ModelError, type ModelErrorCode } from "./model-error.js";
export {
  assertModelName,
  defaultModel,
  type ModelEnvironment,
  type ModelSpec,
  type NamedModels,
  OFFLINE_MODEL,
  type ReasoningEffort,
  type ResolvedModel,
  resolveModel,
} from "./resolve-model.js";
export { readSection, toSection } from "./sections.js";
