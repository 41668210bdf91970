import type { StructuredToolInterface } from "@langchain/core/tools";
import { z } from "zod";
import { buildSearchTool, MAX_RESULTS_OPTION, quietly, resolveCount } from "./build-search-tool.js";
import { loadClass, type SearchToolDependencies } from "./load-provider.js";

/** Options of the arXiv tool. */
export interface ArxivOptions {
  /** Papers to return, 1 to 50. @default 5 */
  readonly maxResults?: number;
}

/** The part of `ArxivRetriever` that we use. */
interface Upstream {
  invoke(query: string, config: object): Promise<unknown>;
}

const documentsSchema = z.array(
  z.object({
    pageContent: z.string(),
    metadata: z.object({
      title: z.string(),
      url: z.string(),
      authors: z.array(z.string()),
      published: z.string(),
    }),
  }),
);

/** Creates the tool `arxiv_search`, which returns `[{ title, url, authors, published, summary }]`. It needs no key. */
export async function createArxivTool(
  options: ArxivOptions = {},
  { load }: SearchToolDependencies = {},
): Promise<StructuredToolInterface> {
  const maxSearchResults = resolveCount("arxiv", MAX_RESULTS_OPTION, options.maxResults);
  const ArxivRetriever = await loadClass<Upstream>(
    {
      provider: "arxiv",
      entryPoint: "@langchain/community/retrievers/arxiv",
      className: "ArxivRetriever",
      packages: ["@langchain/community", "fast-xml-parser"],
    },
    load,
  );
  const upstream = new ArxivRetriever({ maxSearchResults });
  return buildSearchTool({
    provider: "arxiv",
    name: "arxiv_search",
    description:
      "Searches arXiv for scientific papers. Returns a list of { title, url, authors, published, summary }.",
    schema: z.object({
      query: z.string().min(1).describe("Words to search for, or the id of a paper such as 1706.03762."),
    }),
    async search({ query }, signal) {
      const documents = documentsSchema.parse(await upstream.invoke(query, quietly(signal)));
      return documents.map(({ pageContent, metadata: { title, url, authors, published } }) => {
        return { title, url, authors, published, summary: pageContent };
      });
    },
  });
}
