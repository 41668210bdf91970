// Owns: what models are told, in one file for each role: data in, messages out.
// Gives: the messages for planner, executor, replanner and answer, and the tools that they are offered.
// Does not touch: calls. It never asks a model.
export { type AnswerPrompt, toAnswerMessages, toStructureMessages } from "./answer.js";
export { toBoundTool } from "./catalogue.js";
export type { CatalogueEntry, OtherTools, PromptStyle, Seen, WorkerEntry } from "./catalogue-entry.js";
export {
  FIND_DEFINITION,
  FIND_TOOL,
  NO_MORE_SEARCHES,
  toFoundMessages,
  toFoundTools,
} from "./find-tool.js";
export { toPlanForm } from "./plan-form.js";
export type { Granularity, PlanMethod } from "./plan-rules.js";
export {
  BLOCKED_TOOL,
  PLAN_TOOL,
  type PlanExtras,
  RESPOND_DEFINITION,
  RESPOND_TOOL,
  toPlanTool,
  toWireSchema,
} from "./plan-tool.js";
export { toPlannerMessages, toRepairMessages, toStepRepairMessages } from "./planner.js";
export { describeCauses, REJECTION_RULE, toFacts, toPastSteps, toReplannerMessages } from "./replanner.js";
export type {
  AnswerFunction,
  AnswerReply,
  AnswerRequest,
  JudgedAnswer,
  PlannerFunction,
  PlanReply,
  PlanRequest,
  ReplanCause,
  ReplannerFunction,
  ReplanRequest,
  ShownDecision,
  StepFunction,
  StepReply,
  StepRequest,
  Told,
} from "./requests.js";
export {
  chooseStepMarks,
  type ExecutorPrompt,
  neededShape,
  REPEAT_RULE,
  type StepFormParts,
  toAgentInstructions,
  toCallMessages,
  toExpectation,
  toStepForm,
  toTaskMessage,
  toWorkerMessage,
} from "./steps/index.js";
