// Owns: web search behind one interface, each provider loaded when it is asked for.
// Gives: `createSearchTool`, and each provider's tool.
// Does not touch: keys: they come from the options or the environment.
export { createSearchTool, type SearchToolOptions } from "./create-search-tool.js";
export { type SearchProvider, SearchToolError } from "./search-tool-error.js";
