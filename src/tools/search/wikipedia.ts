import type { StructuredToolInterface } from "@langchain/core/tools";
import { z } from "zod";
import {
  buildSearchTool,
  MAX_RESULTS_OPTION,
  querySchema,
  quietly,
  resolveCount,
} from "./build-search-tool.js";
import { loadClass, type SearchToolDependencies } from "./load-provider.js";

/** Options of the Wikipedia tool. */
export interface WikipediaOptions {
  /** Language, as it appears in the site's address. @default "en" */
  readonly language?: string;
  /** Address of another wiki's MediaWiki api.php. @default the language's Wikipedia */
  readonly baseUrl?: string;
  /** Pages to read, 1 to 50. @default 5 */
  readonly maxResults?: number;
  /** Characters of text from all pages together, 1 to 1,000,000. @default 4,000 */
  readonly maxCharacters?: number;
}

/** The part of `WikipediaQueryRun` that we use. */
interface Upstream {
  invoke(query: string, config: object): Promise<unknown>;
}

const MAX_CHARACTERS_OPTION = { name: "maxCharacters", default: 4_000, max: 1_000_000 };
const NOTHING_FOUND = "No good Wikipedia Search Result was found";

/**
 * Creates the tool `wikipedia`, which returns the text of the pages that match a query, or "" if none does.
 * It needs no key.
 */
export async function createWikipediaTool(
  options: WikipediaOptions = {},
  { load }: SearchToolDependencies = {},
): Promise<StructuredToolInterface> {
  const { language = "en" } = options;
  const fields = {
    baseUrl: options.baseUrl ?? `https://${language}.wikipedia.org/w/api.php`,
    topKResults: resolveCount("wikipedia", MAX_RESULTS_OPTION, options.maxResults),
    maxDocContentLength: resolveCount("wikipedia", MAX_CHARACTERS_OPTION, options.maxCharacters),
  };
  const WikipediaQueryRun = await loadClass<Upstream>(
    {
      provider: "wikipedia",
      entryPoint: "@langchain/community/tools/wikipedia_query_run",
      className: "WikipediaQueryRun",
      packages: ["@langchain/community"],
    },
    load,
  );
  const upstream = new WikipediaQueryRun(fields);
  return buildSearchTool({
    provider: "wikipedia",
    name: "wikipedia",
    description: "Reads Wikipedia on people, places, events and things. Returns the text of the best pages.",
    schema: querySchema,
    async search({ query }, signal) {
      const text = z.string().parse(await upstream.invoke(query, quietly(signal)));
      return text === NOTHING_FOUND ? "" : text;
    },
  });
}
