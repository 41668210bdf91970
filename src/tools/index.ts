// Owns: the tool registry, choosing among many tools, calling a tool once, and turning its output into JSON.
// Gives: `createToolRegistry`, `createToolChooser`, `invokeTool`, `toJson`, `createSearchTool`, and the built-in tools.
// Does not touch: plans and approval. Whoever calls a tool has already decided to.
export {
  type BuiltinToolsOptions,
  createBuiltinTools,
  createCalculatorTool,
  createFileRoot,
  createFileTools,
  createHttpGetTool,
  createReplaceCheck,
  evaluateExpression,
  type FileRoot,
  type HttpGetOptions,
} from "./builtin/index.js";
export { createToolChooser, type ToolChooser, type ToolPart, type ToolQuery } from "./choice/index.js";
export { invokeTool, type ToolSuccess } from "./invoke-tool.js";
export type { KeepMedia, Media, MediaReference } from "./mcp-result.js";
export { MAX_MEDIA_CHARACTERS, MediaMemory } from "./media-memory.js";
export {
  type AgentTool,
  createToolRegistry,
  type ToolDescription,
  type ToolRegistry,
  type WorkerDescription,
} from "./registry.js";
export {
  createSearchTool,
  SEARCH_PROVIDERS,
  type SearchProvider,
  SearchToolError,
  type SearchToolOptions,
} from "./search/index.js";
export { toJson } from "./to-json.js";
export { BuiltinToolError, ToolRegistryError } from "./tool-errors.js";
export { readOutputText } from "./tool-output.js";
export type { PreviewCall } from "./tool-preview.js";
export { reportOf, type ToolProgress, withProgress } from "./tool-progress.js";
export {
  type AskedOutcome,
  type FoundOutcome,
  foundOutcomeSchema,
  OUTCOME_ANSWERS,
  type OutcomeAnswer,
  outcomeFault,
  readOutcomeAnswer,
  recoveryOf,
  type ToolRecovery,
  withRecovery,
} from "./tool-recovery.js";
