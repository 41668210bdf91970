export { cutText } from "../text/index.js";
export type { AgentSchema, AgentTool } from "./agent-tool.js";
export {
  type BuiltinToolsOptions,
  type Clock,
  createBuiltinTools,
  createCalculatorTool,
  createCsvQueryTool,
  createCurrentTimeTool,
  createDateMathTool,
  createFileRoot,
  createFileTools,
  createHttpGetTool,
  createJsonQueryTool,
  createListFilesTool,
  createReadFileTool,
  createTextStatsTool,
  createWriteFileTool,
  evaluateExpression,
  type FileEntry,
  type FileRoot,
  type FileRootOptions,
  type HttpGetOptions,
  type HttpPage,
} from "./builtin/index.js";
export { describeSchema, type JsonSchema } from "./describe-schema.js";
export {
  invokeTool,
  type ToolFailure,
  type ToolInvocation,
  type ToolOutcome,
  type ToolSuccess,
} from "./invoke-tool.js";
export { isWorthRetrying, type RetryCircumstances } from "./is-worth-retrying.js";
export {
  createToolRegistry,
  type ToolDescription,
  type ToolRegistry,
  type ToolRegistryOptions,
} from "./registry.js";
export {
  createSearchTool,
  type SearchProvider,
  SearchToolError,
  type SearchToolErrorCode,
  type SearchToolOptions,
  searchProviders,
} from "./search/index.js";
export { type JsonLimits, type JsonResult, toJson } from "./to-json.js";
export {
  BuiltinToolError,
  type BuiltinToolErrorCode,
  ToolRegistryError,
  type ToolRegistryErrorCode,
} from "./tool-errors.js";
export { readOutputText } from "./tool-output.js";
