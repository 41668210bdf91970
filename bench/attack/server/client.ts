import { request as openRequest } from "node:http";
import { z } from "zod";
import { assertSetUp } from "../case.js";
import type { RunningServer, Token } from "./running-server.js";

/** The server's answer. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** How a request is sent. */
export interface Sent {
  readonly token?: Token | "token of nobody";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** How long a stream that does not end is read. @default 3,000 */
  readonly withinMs?: number;
}

/** The name of the general graph. */
export const GRAPH = "plan_execute";
/** Text in a user's thread that nobody else may see. */
export const SECRET = "98765432";

const threadSchema = z.looseObject({ thread_id: z.string(), status: z.string().optional() });
const stateSchema = z.looseObject({
  values: z.record(z.string(), z.unknown()).nullable(),
  tasks: z.array(z.looseObject({ interrupts: z.array(z.unknown()).default([]) })).default([]),
});

/** Sends a request and accepts any answer. */
export async function send(
  { url }: RunningServer,
  method: string,
  path: string,
  { token, headers = {}, body, withinMs = 3_000 }: Sent = {},
): Promise<Answer> {
  const signal = AbortSignal.timeout(withinMs);
  let text = "";
  let status = 0;
  try {
    const response = await fetch(url + path, {
      method,
      signal,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    status = response.status;
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString("utf8");
    }
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
  return { status, text };
}

/** Sends a request whose path nothing normalizes on the way. Returns the status. */
export function sendRaw(
  { url }: RunningServer,
  method: string,
  path: string,
  { token, body }: Sent,
): Promise<number> {
  const { hostname, port } = new URL(url);
  const text = JSON.stringify(body);
  const headers = {
    "content-type": "application/json",
    authorization: `Bearer ${token}`,
    connection: "close",
  };
  return new Promise((resolve, reject) => {
    const request = openRequest({ hostname, port, method, path, headers }, (response) => {
      response.resume().once("close", () => resolve(response.statusCode ?? 0));
    });
    request.once("error", reject);
    request.end(text);
  });
}

/** Sends a request that must succeed, because what follows depends on it. */
export async function ask(server: RunningServer, method: string, path: string, sent: Sent): Promise<unknown> {
  const { status, text } = await send(server, method, path, { withinMs: 15_000, ...sent });
  assertSetUp(status >= 200 && status < 300, `${method} ${path}: ${status} ${text.slice(0, 200)}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** Makes a new thread for a user. */
export async function createThread(server: RunningServer, token: Token, body: object = {}): Promise<string> {
  return threadSchema.parse(await ask(server, "POST", "/threads", { token, body })).thread_id;
}

/** A user's thread that waits for their approval of a calculation. Its goal is their secret. */
export async function waitingThread(server: RunningServer, token: Token): Promise<string> {
  const thread = await createThread(server, token);
  await run(server, token, thread, { input: { input: `Calculate ${SECRET}*3` }, context: gate });
  const state = await stateOf(server, token, thread);
  assertSetUp(isWaiting(state), "the thread does not wait");
  return thread;
}

/** The rule that makes the calculation wait. */
export const gate = { approveTools: ["calculator"] };

/** Runs a thread until it ends or waits. An error counts as an end too. */
export function run(server: RunningServer, token: Token, thread: string, body: object): Promise<Answer> {
  const path = `/threads/${thread}/runs/wait`;
  return send(server, "POST", path, { token, body: { assistant_id: GRAPH, ...body }, withinMs: 15_000 });
}

/** The state of a user's thread. */
export async function stateOf(server: RunningServer, token: Token, thread: string) {
  return stateSchema.parse(await ask(server, "GET", `/threads/${thread}/state`, { token }));
}

/** Whether a thread waits for a person. */
export function isWaiting({ tasks }: z.infer<typeof stateSchema>): boolean {
  return tasks.some(({ interrupts }) => interrupts.length > 0);
}

/** The finished steps of a thread. */
export function doneSteps({ values }: z.infer<typeof stateSchema>): readonly { readonly output?: unknown }[] {
  const steps = z
    .array(z.looseObject({ status: z.string(), output: z.unknown().optional() }))
    .parse(values?.pastSteps ?? []);
  return steps.filter(({ status }) => status === "done");
}

/** A turn that needs nobody's approval. */
export const start = { assistant_id: GRAPH, input: { input: "Calculate 1+1" } };

/** Sends a command of the protocol to a thread. */
export function command(
  server: RunningServer,
  token: Token,
  thread: string,
  method: string,
  params: object,
): Promise<Answer> {
  return send(server, "POST", `/threads/${thread}/commands`, { token, body: { id: 1, method, params } });
}

/** Sends something to a WebSocket of the server, and returns what it says within a second. */
export function talk(
  { url }: RunningServer,
  path: string,
  said: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = openRequest(url + path, {
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": Buffer.from("0123456789abcdef").toString("base64"),
        ...headers,
      },
    });
    request.on("error", reject);
    request.on("response", (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, text: "" });
    });
    request.on("upgrade", (response, socket) => {
      let text = "";
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
      });
      socket.on("error", () => {});
      socket.write(toFrame(JSON.stringify(said)));
      setTimeout(() => {
        socket.destroy();
        resolve({ status: response.statusCode ?? 0, text });
      }, 1_000);
    });
    request.end();
  });
}

/** A client's text frame of the WebSocket protocol. The mask is zero, so it changes nothing. */
function toFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const length =
    payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), payload]);
}
