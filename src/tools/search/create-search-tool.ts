import type { StructuredToolInterface } from "@langchain/core/tools";
import { type ArxivOptions, createArxivTool } from "./arxiv.js";
import { createDuckDuckGoTool, type DuckDuckGoOptions } from "./duckduckgo.js";
import type { SearchToolDependencies } from "./load-provider.js";
import { type SearchProvider, SearchToolError } from "./search-tool-error.js";
import { createSearxngTool, type SearxngOptions } from "./searxng.js";
import { createTavilyTool, type TavilyOptions } from "./tavily.js";
import { createWikipediaTool, type WikipediaOptions } from "./wikipedia.js";

/** The options of each provider. */
export interface SearchToolOptions {
  readonly wikipedia: WikipediaOptions;
  readonly tavily: TavilyOptions;
  readonly duckduckgo: DuckDuckGoOptions;
  readonly searxng: SearxngOptions;
  readonly arxiv: ArxivOptions;
}

type Creators = {
  readonly [Provider in SearchProvider]: (
    options?: SearchToolOptions[Provider],
    dependencies?: SearchToolDependencies,
  ) => Promise<StructuredToolInterface>;
};

const CREATORS: Creators = {
  wikipedia: createWikipediaTool,
  tavily: createTavilyTool,
  duckduckgo: createDuckDuckGoTool,
  searxng: createSearxngTool,
  arxiv: createArxivTool,
};

/** All provider names. */
export const SEARCH_PROVIDERS: readonly SearchProvider[] = [
  "wikipedia",
  "tavily",
  "duckduckgo",
  "searxng",
  "arxiv",
];

/**
 * Creates the search tool of a provider.
 * @throws SearchToolError if its package, key or address is missing, or if there is no such provider.
 */
export async function createSearchTool<Provider extends SearchProvider>(
  provider: Provider,
  options?: SearchToolOptions[Provider],
  dependencies?: SearchToolDependencies,
): Promise<StructuredToolInterface> {
  if (!Object.hasOwn(CREATORS, provider)) {
    const what = `is no search provider. There are: ${SEARCH_PROVIDERS.join(", ")}`;
    throw new SearchToolError("UNKNOWN_PROVIDER", String(provider), what);
  }
  return CREATORS[provider](options, dependencies);
}
