import type { StructuredToolInterface } from "@langchain/core/tools";
import {
  buildSearchTool,
  MAX_RESULTS_OPTION,
  querySchema,
  quietly,
  resolveCount,
  toSearchResults,
} from "./build-search-tool.js";
import { loadClass, type SearchToolDependencies } from "./load-provider.js";
import { SearchToolError } from "./search-tool-error.js";

/** Options of the SearXNG tool. */
export interface SearxngOptions {
  /** Address of the instance. Its settings must allow the format json. @default SEARXNG_API_BASE */
  readonly url?: string;
  /** Results to return, 1 to 50. @default 5 */
  readonly maxResults?: number;
  /** Engines of the instance to ask, separated by commas. @default the instance's own */
  readonly engines?: string;
  /** Language of the results, such as "en". @default the instance's own */
  readonly language?: string;
  /** Headers to send, such as authorization. @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The part of `SearxngSearch` that we use. */
interface Upstream {
  apiBase?: string;
  invoke(query: string, config: object): Promise<unknown>;
}

/**
 * Creates the tool `searxng_search`, which returns `[{ title, url, snippet }]`. If the instance has no
 * results but an answer of its own (an instant answer, a fact box, suggestions), the tool returns that as text.
 */
export async function createSearxngTool(
  options: SearxngOptions = {},
  { load, env = process.env }: SearchToolDependencies = {},
): Promise<StructuredToolInterface> {
  const { engines, language, headers } = options;
  const apiBase = (options.url || env.SEARXNG_API_BASE || "").replace(/\/+$/, "");
  if (apiBase === "") {
    const what = "no instance to ask. Set SEARXNG_API_BASE, or the option url, to its address";
    throw new SearchToolError("URL_MISSING", "searxng", what);
  }
  const numResults = resolveCount("searxng", MAX_RESULTS_OPTION, options.maxResults);
  const SearxngSearch = await loadClass<Upstream>(
    {
      provider: "searxng",
      entryPoint: "@langchain/community/tools/searxng_search",
      className: "SearxngSearch",
      packages: ["@langchain/community"],
    },
    load,
  );
  const upstream = new SearxngSearch({ apiBase, headers, params: { numResults, engines, language } });
  // The constructor prefers the environment to the option.
  upstream.apiBase = apiBase;
  return buildSearchTool({
    provider: "searxng",
    name: "searxng_search",
    description: "Searches the web with SearXNG. Returns a list of { title, url, snippet }.",
    schema: querySchema,
    search: async ({ query }, signal) => fromUpstream(await upstream.invoke(query, quietly(signal))),
  });
}

/** The upstream tool joins the JSON of its results with commas but omits the brackets of a list. */
function fromUpstream(output: unknown): unknown {
  if (output === "No good results found.") {
    return [];
  }
  if (typeof output !== "string" || !output.startsWith('{"title":')) {
    return output;
  }
  return toSearchResults(JSON.parse(`[${output}]`));
}
