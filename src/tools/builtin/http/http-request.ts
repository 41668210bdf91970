import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { TextDecoder } from "node:util";
import type { JsonValue } from "../../../base/index.js";
import { BuiltinToolError } from "../../tool-errors.js";
import { Pace } from "../in-slices.js";

export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  /** The start of the body, at most `maxBytes` bytes. */
  readonly bytes: Buffer;
  /** Whether the body is longer. */
  readonly truncated: boolean;
}

/** How a page is requested. */
interface HttpRequestOptions {
  /** The address to connect to. It is the one that was checked, so the name cannot lead elsewhere meanwhile. */
  readonly address: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Sends one GET request, and does not follow redirects. */
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
        if (lookupOptions.all) {
          done(null, [{ address, family }]);
        } else {
          done(null, address, family);
        }
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
  // A server may send every byte as a chunk of its own.
  const pace = new Pace(signal);
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    // Leaving the loop closes the connection.
    if (size > maxBytes) {
      break;
    }
    if (pace.isDue) {
      await pace.rest();
    }
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), truncated: size > maxBytes };
}

/** What http_get returns. */
export interface HttpPage {
  readonly status: number;
  readonly contentType: string;
  /** The text, or the document if the text is JSON. */
  readonly body: JsonValue;
  /** True if the body was larger than the limit. */
  readonly truncated?: boolean;
}

const RETRYABLE = new Set([408, 425, 429]);
const TEXT_TYPE =
  /^(text\/|application\/(.*\+)?(json|xml|javascript|x-www-form-urlencoded|yaml|x-ndjson)\b|$)/i;

/** Turns a server's answer into a page. Throws for an error status and for a body that is not text. */
export function toPage(address: string, answer: HttpAnswer): HttpPage {
  const contentType = answer.headers["content-type"] ?? "";
  const encoding = answer.headers["content-encoding"] ?? "identity";
  const what = `GET ${address}`;
  if (answer.status >= 400 || answer.status < 200) {
    const isRetryable = RETRYABLE.has(answer.status) || answer.status >= 500;
    const start = decodeBody(answer.bytes.subarray(0, 400), contentType).replace(/\s+/g, " ").slice(0, 200);
    const message = `${what} answered ${answer.status} ${answer.statusText}: ${start}`;
    throw new BuiltinToolError("HTTP_STATUS", message, isRetryable);
  }
  if (!TEXT_TYPE.test(contentType.trim()) || encoding !== "identity") {
    const type = encoding === "identity" ? contentType : `${contentType} in the encoding ${encoding}`;
    throw new BuiltinToolError("NOT_TEXT", `${what} gave ${type}, which is no text.`);
  }
  const text = decodeBody(answer.bytes, contentType);
  const page = { status: answer.status, contentType };
  if (!answer.truncated) {
    return { ...page, body: /\bjson\b/i.test(contentType) ? parseIfJson(text) : text };
  }
  // The body comes last, because output that the state has no room for is cut from the end.
  return { ...page, truncated: true, body: `${text}… [cut: ${answer.bytes.length} bytes kept]` };
}

function decodeBody(bytes: Buffer, contentType: string): string {
  const charset = /charset="?([^";\s]+)/i.exec(contentType)?.[1] ?? "utf-8";
  // In stream mode, a character that was cut in two at the end is left out.
  return decoderFor(charset).decode(bytes, { stream: true });
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch (error) {
    if (error instanceof RangeError) {
      return new TextDecoder();
    }
    throw error;
  }
}

function parseIfJson(text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return text;
    }
    throw error;
  }
}
