import type { StructuredToolInterface } from "@langchain/core/tools";
import { z } from "zod";
import {
  buildSearchTool,
  maxResultsOption,
  querySchema,
  quietly,
  resolveCount,
} from "./build-search-tool.js";
import { loadClass, type SearchToolDependencies } from "./load-provider.js";
import { SearchToolError } from "./search-tool-error.js";
import { askTavily } from "./tavily-request.js";

/** Options of the Tavily tool. */
export type TavilyOptions = {
  /** The key. @default TAVILY_API_KEY */
  readonly apiKey?: string;
  /** Address of the service. @default "https://api.tavily.com" */
  readonly apiBaseUrl?: string;
  /** Results to return, 1 to 50. @default 5 */
  readonly maxResults?: number;
  /** "advanced" finds more and costs two credits. @default Tavily's own: "basic" */
  readonly searchDepth?: "basic" | "advanced";
  /** Whether Tavily also writes an answer. @default Tavily's own: false */
  readonly includeAnswer?: boolean;
};

/** What is used of `TavilySearch`. */
type Upstream = { invoke(input: object, config: object): Promise<unknown> };

const inputSchema = querySchema.extend({
  topic: z.enum(["general", "news", "finance"]).optional().describe('"news": politics, sports, big events.'),
  timeRange: z.enum(["day", "week", "month", "year"]).optional().describe("Only what is this new."),
  includeDomains: z.array(z.string()).optional().describe("Only these sites."),
  excludeDomains: z.array(z.string()).optional().describe("None of these sites."),
});

/** A tool `tavily_search`: Tavily's answer as it is, `{ results: [{ title, url, content, score }], answer?, … }`. */
export async function createTavilyTool(
  options: TavilyOptions = {},
  { load, env = process.env }: SearchToolDependencies = {},
): Promise<StructuredToolInterface> {
  const { apiBaseUrl = "https://api.tavily.com", searchDepth, includeAnswer } = options;
  const apiKey = options.apiKey || env.TAVILY_API_KEY;
  if (!apiKey) {
    const what = "no key. Set TAVILY_API_KEY, or the option apiKey; keys are at https://app.tavily.com";
    throw new SearchToolError("KEY_MISSING", "tavily", what);
  }
  const maxResults = resolveCount("tavily", maxResultsOption, options.maxResults);
  const TavilySearch = await loadClass<Upstream>(
    {
      provider: "tavily",
      entryPoint: "@langchain/tavily",
      className: "TavilySearch",
      packages: ["@langchain/tavily@1.2.0"],
    },
    load,
  );
  return buildSearchTool({
    provider: "tavily",
    name: "tavily_search",
    description: "Searches the web with Tavily. Returns { results: [{ title, url, content, score }] }.",
    schema: inputSchema,
    async search(input, signal) {
      let answer: Promise<unknown> | undefined;
      const rawResults = (parameters: Record<string, unknown>) => {
        answer = askTavily({ apiBaseUrl, apiKey, parameters, signal });
        return answer;
      };
      const fields = { maxResults, searchDepth, includeAnswer, apiWrapper: { rawResults } };
      const output = await new TavilySearch(fields).invoke(input, quietly(signal));
      // The upstream tool's output is no use: it makes { error: text } of a failure, and of an empty result too.
      return answer ?? output;
    },
  });
}
