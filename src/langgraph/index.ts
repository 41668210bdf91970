// Owns: every touch of what LangGraph and LangChain do not document, one file each.
// Gives: a documented function for each, tested against the version that it names.
// Does not touch: plans and steps: it knows the libraries, not the agent.
export {
  createInnerConfigs,
  type ToInnerConfig,
  TokenHandler,
  withHandlers,
} from "./inner-config.js";
export {
  type Channels,
  type CheckpointMigration,
  lendMigrating,
  withMigration,
  withoutLent,
} from "./migrating-saver.js";
export {
  type Callbacks,
  callbacksHere,
  changingOutput,
  createOpenAiCompletions,
  type InvokableTool,
  runDetached,
  withMessageStream,
} from "./langchain/index.js";
export { isInsideGraph, namespaceOfGraph, taskIdIn } from "./namespace.js";
export { answersIn, type Question, questionsIn } from "./resume-values.js";
export { checkpointerIn, isSaver, withCheckpointer } from "./run-checkpointer.js";
export { isGoingOn, isNested, superstepOf } from "./run-place.js";
export { withSparseClones } from "./sparse-clones.js";
export { createTaskCalls } from "./task-calls.js";
