import { z } from "zod";
import { SearchToolError } from "./search-tool-error.js";

/** A search as the upstream tool puts it together, and where to send it. */
export type TavilyRequest = {
  readonly apiBaseUrl: string;
  readonly apiKey: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | undefined;
};

const MAX_ANSWER_BYTES = 2_000_000;
const answerSchema = z.looseObject({
  results: z.array(z.looseObject({ title: z.string(), url: z.string(), content: z.string() })),
});
const failureSchema = z.object({ detail: z.object({ error: z.string() }) });

/**
 * Asks Tavily, in place of the upstream package's own request: that one prints each refused answer to standard
 * output, loses its status, and knows no signal.
 */
export async function askTavily({ apiBaseUrl, apiKey, parameters, signal }: TavilyRequest): Promise<unknown> {
  const body: Record<string, unknown> = { client_source: "langchain-js" };
  for (const [name, value] of Object.entries(parameters)) body[toSnakeCase(name)] = value;
  const response = await fetch(`${apiBaseUrl}/search`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await readBody(response);
  if (!response.ok) throw refused(response.status, text);
  return answerSchema.parse(JSON.parse(text));
}

/** The text of an answer. It may be compressed, so its length is known only while it is read. */
async function readBody({ body }: Response): Promise<string> {
  if (body === null) return "";
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
  try {
    return ` (${failureSchema.parse(JSON.parse(text)).detail.error})`;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return "";
    throw error;
  }
}

function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
