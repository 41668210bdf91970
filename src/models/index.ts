// Owns: turning a name or an instance into a chat model, calling it within limits, and marks in prompts.
// Gives: `resolveModel`, `callModel` with fallbacks, and tags and marks that text from outside cannot forge.
// Does not touch: prompts and plans. It calls what it is given.
export { brokenCallIn, isCutAnswer } from "./answers/index.js";
export { type Attachment, attachmentsIn, messageWith, textBeside } from "./attachments.js";
export {
  callModel,
  fallBack,
  type ModelAttempt,
  type ModelCall,
  type ModelCallContext,
} from "./call-model.js";
export { type Calling, createCalling } from "./calling.js";
export { LimitError } from "./count-call.js";
export { ForeignCalls } from "./foreign-calls.js";
export {
  type AnswerForm,
  askHeld,
  type BareSchema,
  type CallMethod,
  FORM_TAG,
  type HeldAnswer,
  heldSchema,
  holdsToSchemas,
  isLearnedFrom,
  noteCallMethod,
  noteUnheld,
  prefersSchema,
  ResultText,
  takesSchemas,
  toBareSchema,
  type Widen,
} from "./grammar/index.js";
export { type AskedForm, isLimitedModel, type LimitedCalls, LimitedModel } from "./limited-model.js";
export {
  chooseMarks,
  type MarkedAnswer,
  MarkFilter,
  type Marks,
  marksIn,
  readMissing,
  readReached,
  toMissing,
  toReached,
} from "./marks.js";
export { ModelError } from "./model-error.js";
export { ModelLine, type RoleModels } from "./model-line.js";
export { assertModelNeeds } from "./model-needs.js";
export {
  assertModelName,
  createModel,
  defaultModel,
  type ModelDetails,
  type ModelEnvironment,
  type ModelSpec,
  type NamedModels,
  nameOfSpec,
  OFFLINE_MODEL,
  type ReasoningEffort,
  type ResolvedModel,
  resolveModel,
} from "./resolve-model.js";
export { hasSameTags, messageWithoutTags, toSection, withoutTags } from "./tags.js";
export { ToldCalls } from "./told-calls.js";
