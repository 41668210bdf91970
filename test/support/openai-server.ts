import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { z } from "zod";

const requestSchema = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false),
  reasoning_effort: z.string().optional(),
  max_tokens: z.number().optional(),
  max_completion_tokens: z.number().optional(),
  messages: z.array(
    z.looseObject({
      role: z.string(),
      content: z.unknown(),
      tool_calls: z.array(z.looseObject({ id: z.string() })).optional(),
      tool_call_id: z.string().optional(),
    }),
  ),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).optional(),
  tool_choice: z.unknown().optional(),
});

/** A request to the model. */
export type ModelRequest = z.infer<typeof requestSchema>;

/** What the model says. If a reply has both text and calls, the text comes first. */
export interface ModelReply {
  /** The answer's text, or an error's message. */
  readonly text?: string;
  /** Tool calls. Arguments given as a string are sent unchanged. */
  readonly calls?: readonly { readonly name: string; readonly args: unknown }[];
  /** Tokens in and out, and those of them that are cached and of reasoning. @default 10 and 5 */
  readonly usage?: readonly [input: number, output: number, cached?: number, reasoning?: number];
  /** @default "tool_calls" if there are calls, else "stop" */
  readonly finish?: string;
  /** Sends an answer without any choice in it. */
  readonly isEmpty?: boolean;
  /** Sends an error with this HTTP status instead of an answer. */
  readonly status?: number;
  /** Headers beside the status. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole body as it stands, for an answer that is not JSON. */
  readonly body?: string;
  /** A refusal in words, in OpenAI's own field for it. */
  readonly refusal?: string;
  /**
   * Sends no answer at all ("reset": the connection is reset; "hang": nothing ever comes), or half an answer ("cut":
   * the stream just ends; "torn": the connection is reset).
   */
  readonly connection?: "reset" | "hang" | "cut" | "torn";
  /** Where the text is cut into chunks; otherwise after each word. */
  readonly cuts?: RegExp;
  /** Waits before each chunk, so that the answer comes slowly and a tool's arguments come in pieces. */
  readonly pace?: (sent: number, of: number) => Promise<void>;
}

/** A server on loopback that speaks OpenAI's chat completions, whole and as a stream. */
export interface OpenAiServer {
  /** The environment variables that a process needs to use the server. */
  readonly environment: { readonly OPENAI_API_KEY: string; readonly OPENAI_BASE_URL: string };
  readonly requests: readonly ModelRequest[];
  /** How many requests their callers gave up before the answer was complete. */
  aborted(): number;
  close(): Promise<void>;
}

/** Starts a server that answers as it is told to. If a reply is a promise, the server waits for it. */
export async function startOpenAiServer(
  answer: (request: ModelRequest, index: number) => ModelReply | Promise<ModelReply>,
): Promise<OpenAiServer> {
  const requests: ModelRequest[] = [];
  let aborted = 0;
  let isClosing = false;
  const server = createServer(async (incoming, response) => {
    const request = requestSchema.parse(await json(incoming));
    requests.push(request);
    response.once("close", () => {
      if (!response.writableEnded && !isClosing) {
        aborted++;
      }
    });
    await send(request, await answer(request, requests.length - 1), response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the server has no port");
  }
  return {
    environment: { OPENAI_API_KEY: "test", OPENAI_BASE_URL: `http://127.0.0.1:${address.port}/v1` },
    requests,
    aborted: () => aborted,
    async close() {
      isClosing = true;
      if (!server.listening) {
        return;
      }
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** A reply that hands in a plan. */
export function planReply(steps: readonly unknown[], answer?: string): ModelReply {
  return { calls: [{ name: "plan", args: { steps, ...(answer === undefined ? {} : { answer }) } }] };
}

async function send(request: ModelRequest, reply: ModelReply, response: ServerResponse): Promise<void> {
  const { status, headers, text = "scripted error", connection, body, pace = async () => {} } = reply;
  if (connection === "hang") {
    return;
  }
  if (connection === "reset") {
    response.socket?.resetAndDestroy();
  } else if (status !== undefined) {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ error: { message: text, type: "scripted" } }));
  } else if (body !== undefined) {
    response.writeHead(200, { "content-type": request.stream ? "text/event-stream" : "application/json" });
    response.end(body);
  } else if (request.stream) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const chunks = toChunks(request, reply);
    for (const [sent, chunk] of chunks.entries()) {
      await pace(sent, chunks.length);
      if (response.destroyed) {
        return;
      }
      if (connection !== undefined && sent >= chunks.length / 2) {
        return leave(connection, response);
      }
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    }
    response.end("data: [DONE]\n\n");
  } else {
    await pace(0, 1);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(toCompletion(request, reply)));
  }
}

/** Breaks an answer off in the middle. */
function leave(how: "cut" | "torn", response: ServerResponse): void {
  if (how === "torn") {
    response.socket?.resetAndDestroy();
  } else {
    response.end();
  }
}

function toCompletion({ model }: ModelRequest, reply: ModelReply) {
  const { text = "", calls = [], usage, isEmpty } = reply;
  const calling = calls.length === 0 ? {} : { tool_calls: calls.map(toCall) };
  const message = { role: "assistant", content: text, ...calling };
  const choices = isEmpty ? [] : [{ index: 0, message, finish_reason: finishOf(reply) }];
  return { ...envelope(model, "chat.completion"), choices, usage: toUsage(usage) };
}

function toChunks({ model }: ModelRequest, reply: ModelReply) {
  const { text = "", calls = [], refusal, usage, isEmpty, cuts = /\S+\s*|\s+/g } = reply;
  const frame = envelope(model, "chat.completion.chunk");
  const chunk = (delta: object, finish: string | null = null) => ({
    ...frame,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const words: readonly string[] = text.match(cuts) ?? [];
  const said = [
    chunk({ role: "assistant", content: "" }),
    ...words.map((content) => chunk({ content })),
    ...(refusal?.match(/\S+\s*/g) ?? []).map((piece) => chunk({ refusal: piece })),
    ...calls.flatMap((call, index) =>
      toCallPieces(call, index, reply.pace !== undefined || reply.connection !== undefined).map((piece) =>
        chunk({ tool_calls: [piece] }),
      ),
    ),
    chunk({}, finishOf(reply)),
  ];
  return [...(isEmpty ? [] : said), { ...frame, choices: [], usage: toUsage(usage) }];
}

function envelope(model: string, object: string) {
  return { id: `chatcmpl-${globalThis.crypto.randomUUID()}`, object, created: 1_700_000_000, model };
}

function toCall({ name, args }: { readonly name: string; readonly args: unknown }, index: number) {
  const text = typeof args === "string" ? args : JSON.stringify(args);
  return { id: `call_${index}`, type: "function", function: { name, arguments: text } };
}

/** A call in stream form: its name comes first, then its arguments, whole or in pieces. */
function toCallPieces(call: Parameters<typeof toCall>[0], index: number, isCut: boolean): object[] {
  const whole = toCall(call, index);
  if (!isCut) {
    return [{ index, ...whole }];
  }
  const pieces = whole.function.arguments.match(/.{1,16}/gs) ?? [];
  const head = { index, ...whole, function: { ...whole.function, arguments: "" } };
  return [head, ...pieces.map((piece) => ({ index, function: { arguments: piece } }))];
}

function finishOf({ finish, calls = [] }: ModelReply): string {
  return finish ?? (calls.length === 0 ? "stop" : "tool_calls");
}

function toUsage([input, output, cached = 0, reasoning = 0]: NonNullable<ModelReply["usage"]> = [10, 5]) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}
