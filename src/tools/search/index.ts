// Owns: web search behind one interface. A provider's package is loaded only when its tool is created.
// Gives: `createSearchTool`, which creates any provider's tool.
// Does not touch: where keys are kept. They come from the options or the environment.
export { createSearchTool, SEARCH_PROVIDERS, type SearchToolOptions } from "./create-search-tool.js";
export { type SearchProvider, SearchToolError } from "./search-tool-error.js";
