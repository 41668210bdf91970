import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { Pace } from "./in-slices.js";

/** What a server answered. */
export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of the body, at most as many bytes as were asked for. */
  readonly bytes: Buffer;
  /** Whether the body goes on. */
  readonly truncated: boolean;
}

/** How a page is asked for. */
export interface HttpRequestOptions {
  /** The address to connect to: the one that was checked, so that the name cannot lead elsewhere by now. */
  readonly address: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** One GET, without following redirects. */
export async function requestPage(url: URL, options: HttpRequestOptions): Promise<HttpAnswer> {
  const response = await open(url, options);
  const { bytes, truncated } = await readBody(response, options);
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? "",
    headers: response.headers,
    bytes,
    truncated,
  };
}

function open(url: URL, { address, signal }: HttpRequestOptions): Promise<IncomingMessage> {
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const family = isIP(address);
  return new Promise((resolve, reject) => {
    const request = send(url, {
      agent: false,
      signal,
      headers: { accept: "*/*", "accept-encoding": "identity", "user-agent": "langgraph-plan-execute" },
      lookup: (_hostname, lookupOptions, done) => {
        if (lookupOptions.all) done(null, [{ address, family }]);
        else done(null, address, family);
      },
    });
    request.on("response", resolve);
    request.on("error", reject);
    request.end();
  });
}

async function readBody(
  response: IncomingMessage,
  { maxBytes, signal }: HttpRequestOptions,
): Promise<{ bytes: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  // A server may send each byte as a chunk of its own.
  const pace = new Pace(signal);
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    // Leaving the loop closes the connection.
    if (size > maxBytes) break;
    if (pace.isDue) await pace.rest();
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), truncated: size > maxBytes };
}
