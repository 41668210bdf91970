import type { StructuredToolInterface } from "@langchain/core/tools";
import { z } from "zod";
import { readOutputText } from "../tool-output.js";
import {
  buildSearchTool,
  MAX_RESULTS_OPTION,
  querySchema,
  quietly,
  resolveCount,
} from "./build-search-tool.js";
import { loadClass, type SearchToolDependencies } from "./load-provider.js";
import { SearchToolError } from "./search-tool-error.js";

/** Options of the Tavily tool. */
export interface TavilyOptions {
  /** API key. @default TAVILY_API_KEY */
  readonly apiKey?: string;
  /** Address of the service. @default "https://api.tavily.com" */
  readonly apiBaseUrl?: string;
  /** Results to return, 1 to 50. @default 5 */
  readonly maxResults?: number;
  /** "advanced" finds more but costs two credits. @default Tavily's own: "basic" */
  readonly searchDepth?: "basic" | "advanced";
  /** Whether Tavily also writes an answer. @default Tavily's own: false */
  readonly includeAnswer?: boolean;
}

/** The part of `TavilySearch` that we use. */
interface Upstream {
  invoke(input: object, config: object): Promise<unknown>;
}

const inputSchema = querySchema.extend({
  topic: z.enum(["general", "news", "finance"]).optional().describe('"news": politics, sports, big events.'),
  timeRange: z.enum(["day", "week", "month", "year"]).optional().describe("Only what is this new."),
  includeDomains: z.array(z.string()).optional().describe("Only these sites."),
  excludeDomains: z.array(z.string()).optional().describe("None of these sites."),
});

/**
 * Creates the tool `tavily_search`. It returns Tavily's answer unchanged:
 * `{ results: [{ title, url, content, score }], answer?, … }`.
 */
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
  const maxResults = resolveCount("tavily", MAX_RESULTS_OPTION, options.maxResults);
  const TavilySearch = await loadClass<Upstream>(
    {
      provider: "tavily",
      entryPoint: "@langchain/tavily",
      className: "TavilySearch",
      packages: ["@langchain/tavily"],
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
      // The upstream tool's output is useless: it turns failures and empty results alike into { error: text }.
      return answer ?? output;
    },
  });
}

/** A search as the upstream tool assembles it, and where to send it. */
interface TavilyRequest {
  readonly apiBaseUrl: string;
  readonly apiKey: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | undefined;
}

const MAX_ANSWER_BYTES = 2_000_000;
const answerSchema = z.looseObject({
  results: z.array(z.looseObject({ title: z.string(), url: z.string(), content: z.string() })),
});
const failureSchema = z.object({ detail: z.object({ error: z.string() }) });

/**
 * Asks Tavily, replacing the upstream package's own request. That one prints every refused answer to standard
 * output, loses its status, and ignores the signal.
 */
async function askTavily({ apiBaseUrl, apiKey, parameters, signal }: TavilyRequest): Promise<unknown> {
  const body: Record<string, unknown> = { client_source: "langchain-js" };
  for (const [name, value] of Object.entries(parameters)) {
    body[toSnakeCase(name)] = value;
  }
  const response = await fetch(`${apiBaseUrl}/search`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await readBody(response);
  if (!response.ok) {
    throw refused(response.status, text);
  }
  return answerSchema.parse(JSON.parse(text));
}

/** Reads the text of an answer. It may be compressed, so its size is known only while it is being read. */
async function readBody({ body }: Response): Promise<string> {
  if (body === null) {
    return "";
  }
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      const what = `its answer is larger than ${MAX_ANSWER_BYTES} bytes. Ask for fewer results`;
      throw new SearchToolError("SEARCH_FAILED", "tavily", what);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function refused(status: number, text: string): SearchToolError {
  const what = `the search failed: HTTP ${status}${detailOf(text)}`;
  return new SearchToolError("SEARCH_FAILED", "tavily", what, { status });
}

function detailOf(text: string): string {
  const { data } = failureSchema.safeParse(readOutputText(text));
  return data === undefined ? "" : ` (${data.detail.error})`;
}

function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
