export { type ArxivOptions, createArxivTool } from "./arxiv.js";
export { createSearchTool, type SearchToolOptions, searchProviders } from "./create-search-tool.js";
export { createDuckDuckGoTool, type DuckDuckGoOptions } from "./duckduckgo.js";
export type { PackageLoader, SearchToolDependencies } from "./load-provider.js";
export type { SearchResult } from "./search-result.js";
export { type SearchProvider, SearchToolError, type SearchToolErrorCode } from "./search-tool-error.js";
export { createSearxngTool, type SearxngOptions } from "./searxng.js";
export { createTavilyTool, type TavilyOptions } from "./tavily.js";
export { createWikipediaTool, type WikipediaOptions } from "./wikipedia.js";
