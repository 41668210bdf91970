/**
 * A model server in a process of its own, so that its work takes no time from what is measured. It gives OpenAI's
 * chat completions at the pace of the cost model, and answers as a perfect model would. The path says whose prompts
 * they are: `/<run>/<family>/<work>/v1/chat/completions`. `/<run>/log` returns a run's calls.
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { Work } from "../work.js";
import { workNamed } from "../works/index.js";
import type { LoggedCall } from "./call-log.js";
import { commonPrefix, inputParts } from "./count-tokens.js";
import { createPace, type Pace } from "./pace.js";
import { replyAsCompiler } from "./perfect-compiler.js";
import { replyAsPlanExecute } from "./perfect-plan-execute.js";
import { replyAsReact } from "./perfect-react.js";
import { replyAsTutorial } from "./perfect-tutorial.js";
import type { ModelReply } from "./reply.js";
import { type ModelRequest, requestSchema } from "./request.js";
import {
  type AnswerToken,
  finishOf,
  markTokens,
  toAnswerId,
  toAnswerTokens,
  toChunk,
  toCompletion,
  toUsageChunk,
} from "./write-answer.js";

const perfect: Readonly<Record<string, (work: Work, request: ModelRequest) => ModelReply>> = {
  "plan-execute": replyAsPlanExecute,
  react: replyAsReact,
  tutorial: replyAsTutorial,
  compiler: replyAsCompiler,
};

interface RunLog {
  readonly calls: LoggedCall[];
  readonly requests: ModelRequest[];
  failure?: string;
}

const [scaleText = "1"] = process.argv.slice(2);
const scale = Number(scaleText);
const logs = new Map<string, RunLog>();

const server = createServer(async (incoming, response) => {
  const arrivedMs = performance.now();
  const [run = "", family = "", work = ""] = (incoming.url ?? "").split("/").slice(1).map(decodeURIComponent);
  const log = logs.get(run) ?? { calls: [], requests: [] };
  logs.set(run, log);
  if (family === "log") {
    return void sendJson(response, { calls: log.calls, failure: log.failure });
  }
  try {
    const request = requestSchema.parse(await json(incoming));
    const reply = perfect[family]?.(workNamed(work), request);
    if (reply === undefined) {
      throw new Error(`There is no family "${family}".`);
    }
    const tokens = toAnswerTokens(reply);
    const inputTokens = keep(log, request, reply, tokens.length);
    await send(
      request,
      reply,
      tokens,
      inputTokens,
      createPace(request.model, tokens.length, arrivedMs, scale),
      response,
    );
  } catch (error) {
    log.failure = error instanceof Error ? error.message : String(error);
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: log.failure, type: "invalid_request_error" } }));
  }
});
// Connections stay open, as a provider's do, because a closed one costs a client a second try.
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
if (address === null || typeof address === "string") {
  throw new Error("the server has no port");
}
process.stdout.write(`${address.port}\n`);
// The server ends with the process that started it.
process.stdin.resume().once("end", () => process.exit(0));

/** Logs a call, and returns its input tokens. */
function keep(log: RunLog, request: ModelRequest, reply: ModelReply, outputTokens: number): number {
  const { model, tools, messages } = request;
  const inputTokens = tokensIn(request);
  const prefixes = log.requests
    .filter((other) => other.model === model)
    .map((other) => commonPrefix(request, other));
  const [system, human] = ["system", "user"].map(
    (role) => messages.find((one) => one.role === role)?.content ?? "",
  );
  const repeatedTokens = Math.max(0, ...prefixes);
  const toolTokens = tools.length === 0 ? 0 : inputTokens - tokensIn({ ...request, tools: [] });
  log.requests.push(request);
  const { purpose, itemId } = reply;
  const marks = markTokens(reply);
  log.calls.push({
    purpose,
    model,
    itemId,
    inputTokens,
    repeatedTokens,
    toolTokens,
    outputTokens,
    marks,
    system: system ?? "",
    human: human ?? "",
  });
  return inputTokens;
}

function tokensIn(request: ModelRequest): number {
  return inputParts(request).reduce((sum, { tokens }) => sum + tokens, 0);
}

async function send(
  request: ModelRequest,
  reply: ModelReply,
  tokens: readonly AnswerToken[],
  inputTokens: number,
  pace: Pace,
  response: ServerResponse,
): Promise<void> {
  const id = toAnswerId();
  const write = (chunk: object) => `data: ${JSON.stringify(chunk)}\n\n`;
  if (request.stream) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(write(toChunk(request, id, { role: "assistant", content: "" })));
  }
  for (let sent = 0; sent < tokens.length; ) {
    const come = await pace.next(sent);
    const due = tokens.slice(sent, come);
    sent = come;
    if (request.stream) {
      response.write(due.map(({ delta }) => write(toChunk(request, id, delta))).join(""));
    }
  }
  if (!request.stream) {
    return sendJson(response, toCompletion(request, id, reply, inputTokens, tokens.length));
  }
  const end = [
    toChunk(request, id, {}, finishOf(reply)),
    toUsageChunk(request, id, inputTokens, tokens.length),
  ];
  response.end(`${end.map(write).join("")}data: [DONE]\n\n`);
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
