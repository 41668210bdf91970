import type { StructuredToolInterface } from "@langchain/core/tools";
import { z } from "zod";
import {
  buildSearchTool,
  MAX_RESULTS_OPTION,
  querySchema,
  quietly,
  resolveCount,
  toSearchResults,
} from "./build-search-tool.js";
import { loadClass, type SearchToolDependencies } from "./load-provider.js";

/** Options of the DuckDuckGo tool. */
export interface DuckDuckGoOptions {
  /** Results to return, 1 to 50. @default 5 */
  readonly maxResults?: number;
}

/** The part of `DuckDuckGoSearch` that we use. */
interface Upstream {
  invoke(query: string, config: object): Promise<unknown>;
}

/**
 * Creates the tool `duckduckgo_search`, which returns `[{ title, url, snippet }]`. It needs no key, but
 * DuckDuckGo turns frequent callers away.
 */
export async function createDuckDuckGoTool(
  options: DuckDuckGoOptions = {},
  { load }: SearchToolDependencies = {},
): Promise<StructuredToolInterface> {
  const maxResults = resolveCount("duckduckgo", MAX_RESULTS_OPTION, options.maxResults);
  const DuckDuckGoSearch = await loadClass<Upstream>(
    {
      provider: "duckduckgo",
      entryPoint: "@langchain/community/tools/duckduckgo_search",
      className: "DuckDuckGoSearch",
      packages: ["@langchain/community", "duck-duck-scrape"],
    },
    load,
  );
  const upstream = new DuckDuckGoSearch({ maxResults });
  return buildSearchTool({
    provider: "duckduckgo",
    name: "duckduckgo_search",
    description: "Searches the web with DuckDuckGo. Returns a list of { title, url, snippet }.",
    schema: querySchema,
    async search({ query }, signal) {
      const json = z.string().parse(await upstream.invoke(query, quietly(signal)));
      return toSearchResults(JSON.parse(json));
    },
  });
}
