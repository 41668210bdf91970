// Owns: the registry, one call of a tool, and what its output becomes as JSON.
// Gives: `createToolRegistry`, `invokeTool`, the built-in tools and the search tools.
// Does not touch: plans and approval: whoever calls a tool has decided to.
export {
  type BuiltinToolsOptions,
  createBuiltinTools,
  createCalculatorTool,
  createFileTools,
  createHttpGetTool,
  type HttpGetOptions,
} from "./builtin/index.js";
export { invokeTool, type ToolSuccess } from "./invoke-tool.js";
export { type AgentTool, createToolRegistry, type ToolDescription, type ToolRegistry } from "./registry.js";
export {
  createSearchTool,
  type SearchProvider,
  SearchToolError,
  type SearchToolOptions,
} from "./search/index.js";
export { toJson } from "./to-json.js";
export { BuiltinToolError, ToolRegistryError } from "./tool-errors.js";
export { readOutputText } from "./tool-output.js";
