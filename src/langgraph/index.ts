// Owns: every use of what LangGraph, LangChain and zod do not document, one file for each.
// Gives: a documented function for each use. Each has a test against the installed version of the library.
// Does not touch: plans and steps. It knows the libraries, not the agent.
export { looksLikeCommand } from "./command-json.js";
export {
  asPublic,
  type CompiledGraph,
  extendGraph,
  type RunChunks,
  type RunInput,
  type RunOptions,
} from "./compiled-graph.js";
export { keepMessagesAsChanges } from "./delta-messages.js";
export {
  createInnerConfigs,
  type ToInnerConfig,
  TokenHandler,
  withHandlers,
} from "./inner-config.js";
export {
  type Callbacks,
  callbacksHere,
  changingOutput,
  createOpenAiCompletions,
  holdServerProcess,
  type InvokableTool,
  isInstalledForLangChain,
  isLocalModelServer,
  loadChatModel,
  modelBehind,
  ownOutputLimit,
  questionIn,
  runDetached,
  serverOf,
  takesOutputLimit,
  watchServerProcess,
  withMessageStream,
  withOutputLimit,
  withoutOwnRetries,
  withVariety,
} from "./langchain/index.js";
export { findStateFaults, isCallable, keptState } from "./middleware-state.js";
export {
  type Channels,
  type CheckpointMigration,
  lendMigrating,
  withMigration,
} from "./migrating-saver.js";
export { isInsideGraph, namespaceOfGraph, taskIdIn } from "./namespace.js";
export { COPY, INPUTS } from "./node-names.js";
export {
  importPackage,
  installCommand,
  type OptionalPackage,
  type PackageLoader,
  requirePackage,
  wrongVersion,
} from "./optional-package.js";
export { answersIn, type Question, questionsIn, returnedBefore, returnedSoFar } from "./resume-values.js";
export { checkpointerIn, isSaver, withCheckpointer } from "./run-checkpointer.js";
export { isGoingOn, isNested, superstepOf, withoutCheckpointMap } from "./run-place.js";
export {
  ANSWERED,
  checkWrites,
  isSerializedForm,
  isWhole,
  type LentClient,
  limitConnections,
  markOf,
  OWN_INDEXES,
  type PartOfThread,
  POSTGRES_SQL,
  partOfThread,
  poolOfSaver,
  poolOfStore,
  RETURNED,
  SENT_TASKS,
  SQLITE_SQL,
  SQLITE_TABLES,
  type SqliteDatabase,
  type SqliteSaver,
  type SqliteStatement,
  separateBranches,
  smallestIdAt,
  tellsTime,
  type WriteCheck,
} from "./savers/index.js";
export { withSparseClones } from "./sparse-clones.js";
export { payloadOf, tellsInterrupt, withPayload } from "./stream-chunks.js";
export { createTaskCalls, taskPlace } from "./task-calls.js";
