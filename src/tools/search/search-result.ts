import { z } from "zod";

/** One result of a web search. */
export type SearchResult = { readonly title: string; readonly url: string; readonly snippet: string };

const upstreamResultsSchema = z.array(z.object({ title: z.string(), link: z.string(), snippet: z.string() }));

/** Community's results in the form that all our web searches share; the words found come without their `<b>`. */
export function toSearchResults(value: unknown): SearchResult[] {
  return upstreamResultsSchema
    .parse(value)
    .map(({ title, link, snippet }) => ({ title, url: link, snippet: snippet.replaceAll(/<\/?b>/g, "") }));
}
