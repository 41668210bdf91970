import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { z } from "zod";
import { type SearchProvider, SearchToolError, searchFailed } from "./search-tool-error.js";

/** One result of a web search. */
interface SearchResult {
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
}

const upstreamResultsSchema = z.array(z.object({ title: z.string(), link: z.string(), snippet: z.string() }));

/** Community's results in the form that all our web searches share; the words found come without their `<b>`. */
export function toSearchResults(value: unknown): SearchResult[] {
  return upstreamResultsSchema
    .parse(value)
    .map(({ title, link, snippet }) => ({ title, url: link, snippet: snippet.replaceAll(/<\/?b>/g, "") }));
}

/** What makes one provider's tool. */
interface SearchToolParts<Input> {
  readonly provider: SearchProvider;
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodType<Input>;
  /** Asks the provider; what it throws becomes a `SearchToolError` that names the provider. */
  readonly search: (input: Input, signal: AbortSignal | undefined) => Promise<unknown>;
}

/** The arguments of a tool that takes nothing but a query. */
export const querySchema = z.object({
  query: z.string().min(1).describe("What to search for, in a few words."),
});

/** The tool: read-only, under its stable name, its failures errors and never text. */
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

/** How the provider packages' own tools are called: without callbacks, or each search would be traced twice. */
export function quietly(signal: AbortSignal | undefined): { callbacks: []; signal?: AbortSignal } {
  return signal === undefined ? { callbacks: [] } : { callbacks: [], signal };
}

/** An option that counts something, with its default. */
interface CountOption {
  readonly name: string;
  readonly default: number;
  readonly max: number;
}

/** How many results a tool returns. */
export const MAX_RESULTS_OPTION: CountOption = { name: "maxResults", default: 5, max: 50 };

/** The count that was given, or its default; throws for one that is out of bounds. */
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
