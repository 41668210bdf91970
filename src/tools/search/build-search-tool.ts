import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { z } from "zod";
import { type SearchProvider, SearchToolError, searchFailed } from "./search-tool-error.js";

/** What one provider's tool is built from. */
interface SearchToolParts<Input> {
  readonly provider: SearchProvider;
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodType<Input>;
  /** Asks the provider. Whatever it throws becomes a `SearchToolError` that names the provider. */
  readonly search: (input: Input, signal: AbortSignal | undefined) => Promise<unknown>;
}

/** Arguments of a tool that takes only a query. */
export const querySchema = z.object({
  query: z.string().min(1).describe("What to search for, in a few words."),
});

/** Builds a read-only search tool. It reports failures as errors, never as text. */
export function buildSearchTool<Input>({
  provider,
  name,
  description,
  schema,
  search,
}: SearchToolParts<Input>): StructuredToolInterface {
  const run = async (input: Input, config: { signal?: AbortSignal }): Promise<unknown> => {
    try {
      return await search(input, config.signal);
    } catch (cause) {
      config.signal?.throwIfAborted();
      throw searchFailed(provider, cause);
    }
  };
  return tool(run, { name, description, schema, metadata: { readOnly: true } });
}

/**
 * Config for calling a provider package's own tool. It has no callbacks, because each search would otherwise
 * be traced twice.
 */
export function quietly(signal: AbortSignal | undefined): { callbacks: []; signal?: AbortSignal } {
  return signal === undefined ? { callbacks: [] } : { callbacks: [], signal };
}

/** An option that takes a count. */
interface CountOption {
  readonly name: string;
  readonly default: number;
  readonly max: number;
}

export const MAX_RESULTS_OPTION: CountOption = { name: "maxResults", default: 5, max: 50 };

/** Returns the given count or the default. Throws if the count is out of bounds. */
export function resolveCount(
  provider: SearchProvider,
  option: CountOption,
  given: number | undefined,
): number {
  const count = given ?? option.default;
  if (Number.isInteger(count) && count >= 1 && count <= option.max) {
    return count;
  }
  const what = `${option.name} must be a whole number from 1 to ${option.max}, not ${given}`;
  throw new SearchToolError("INVALID_OPTION", provider, what);
}

/** One result of a web search. */
interface SearchResult {
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
}

const upstreamResultsSchema = z.array(z.object({ title: z.string(), link: z.string(), snippet: z.string() }));

/**
 * Converts the results of `@langchain/community` to the form that all our web searches share, and removes the
 * `<b>` around the words found.
 */
export function toSearchResults(value: unknown): SearchResult[] {
  return upstreamResultsSchema
    .parse(value)
    .map(({ title, link, snippet }) => ({ title, url: link, snippet: snippet.replaceAll(/<\/?b>/g, "") }));
}
