import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { createSearchTool, type SearchProvider, type SearchToolOptions } from "langgraph-plan-execute";
import { z } from "zod";
import type { Search } from "./finding.js";
import type { Library } from "./library.js";
import { toWebFindings } from "./web-findings.js";

/** The most findings that one search gives, and one answer states. */
export const MAX_LIMIT = 25;
/** How many these are where nobody says. */
export const DEFAULT_LIMIT = 8;

const limit = z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe("The most findings.");

/** The tool that searches the folder of documents. */
export function createDocumentSearch(library: Library): StructuredToolInterface {
  const search = async (asked: z.infer<typeof documentQuerySchema>): Promise<Search> => {
    const { findings, unreadable } = await library.search(asked);
    const { query, loose } = asked;
    return {
      query,
      provider: "documents",
      findings,
      ...(loose ? { loose } : {}),
      ...(unreadable.length === 0 ? {} : { unreadable }),
    };
  };
  return tool(search, {
    name: "search_documents",
    description:
      "Full-text search in the folder of documents. Gives the passages that fit best: { query, provider, findings: [{ id, document, title, section, lines, text }] }, findings empty where nothing fits.",
    schema: documentQuerySchema,
    metadata: { readOnly: true },
  });
}

const documentQuerySchema = z.object({
  query: z.string().min(1).max(500).describe("The words to look for: the subject and what is asked of it."),
  limit,
  exclude: z.array(z.string()).optional().describe("Names of documents to leave out."),
  loose: z.boolean().optional().describe("Beginnings of words count too: finds more."),
});

/** The name of the tool that searches with a provider. */
export function searchToolName(provider: string): string {
  return `search_${provider}`;
}

/** The tool that asks a search service on the network; its package is loaded when it is first called. */
export function createProviderSearch(
  provider: SearchProvider,
  options: Partial<SearchToolOptions> = {},
): StructuredToolInterface {
  const schema = z.object({
    query: z.string().min(1).max(500).describe("What to search for, in a few words."),
    limit,
  });
  const search = async (
    { query, limit: maxResults }: z.infer<typeof schema>,
    config: { signal?: AbortSignal },
  ) => {
    const upstream = await createSearchTool<SearchProvider>(provider, { maxResults, ...options[provider] });
    const output: unknown = await upstream.invoke({ query }, { signal: config.signal, callbacks: [] });
    const found: Search = {
      query,
      provider,
      findings: toWebFindings(provider, query, output).slice(0, maxResults),
    };
    return found;
  };
  return tool(search, {
    name: searchToolName(provider),
    description: `Searches with ${provider} on the network. Gives { query, provider, findings: [{ id, document, title, text }] } as search_documents does.`,
    schema,
    metadata: { readOnly: true },
  });
}
