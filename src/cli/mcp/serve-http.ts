import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { CommandOptions } from "../options/index.js";
import { HOST, judgeProgram, listenHere, newSecret, whenAborted } from "../pages/index.js";
import { type Surroundings, UsageError } from "../surroundings.js";
import { writeText } from "../write.js";
import type { HttpTransport, McpSdk, SdkServer } from "./load-sdk.js";

const PATH = "/mcp";
const TOKEN_VARIABLE = "PLAN_EXECUTE_MCP_TOKEN";
const MIN_TOKEN_CHARACTERS = 32;
/** Limits the sessions, because clients that vanish leave theirs behind. */
const MAX_SESSIONS = 100;

interface Session {
  readonly server: SdkServer;
  readonly transport: HttpTransport;
  /** How many requests are answered. */
  requests: number;
}

/** Serves MCP over streamable HTTP on loopback until the signal aborts. */
export async function serveHttp(
  options: CommandOptions,
  { sdk, open }: { readonly sdk: McpSdk; readonly open: () => SdkServer },
  { stdout, stderr, signal, environment }: Surroundings,
): Promise<void> {
  const token = readToken(environment[TOKEN_VARIABLE]);
  // Keeps the sessions in the order of their last use.
  const sessions = new Map<string, Session>();
  let port = options.port ?? 0;

  async function openSession(): Promise<Session> {
    const server = open();
    const transport = new sdk.StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id: string) => {
        sessions.set(id, session);
      },
    });
    const session: Session = { server, transport, requests: 0 };
    transport.onclose = () => {
      sessions.delete(transport.sessionId ?? "");
    };
    await server.connect(transport);
    return session;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const verdict = judgeProgram(request, port, token);
    if (verdict.kind === "refused") {
      refuse(response, verdict.status, verdict.reason);
      return;
    }
    if (new URL(`http://${HOST}${request.url}`).pathname !== PATH) {
      refuse(response, 404, `MCP is served at ${PATH}.`);
      return;
    }
    const id = request.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id) : undefined;
    if (id !== undefined && known === undefined) {
      refuse(response, 404, "There is no such session. Begin another one.");
      return;
    }
    const session = known ?? (await openSession());
    if (typeof id === "string") {
      sessions.delete(id);
      sessions.set(id, session);
    }
    session.requests += 1;
    response.once("close", () => {
      session.requests -= 1;
    });
    await session.transport.handleRequest(request, response);
    if (session.transport.sessionId === undefined) {
      await session.server.close();
    }
    await dropIdle();
  }

  async function dropIdle(): Promise<void> {
    const idle = [...sessions.values()].filter(({ requests }) => requests === 0);
    for (const { server } of idle.slice(0, Math.max(0, sessions.size - MAX_SESSIONS))) {
      await server.close();
    }
  }

  const listener = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      writeText(stderr, `MCP: ${error instanceof Error ? error.message : String(error)}\n`);
      if (!response.headersSent) {
        refuse(response, 500, "The request could not be answered. The server's own output says why.");
      }
    });
  });
  port = await listenHere(listener, port);
  writeText(stdout, `http://${HOST}:${port}${PATH}\n`);
  const shown = environment[TOKEN_VARIABLE] === undefined ? token : `<${TOKEN_VARIABLE}>`;
  writeText(stdout, `Authorization: Bearer ${shown}\n`);
  writeText(stderr, "Whoever has this token may let the agent run. Ctrl-C ends the server.\n");
  await whenAborted(signal);
  listener.close();
  await Promise.all([...sessions.values()].map(({ server }) => server.close()));
  listener.closeAllConnections();
}

/** A client's configuration can hold a token of the user's own. Any other ends with the process. */
function readToken(own: string | undefined): string {
  if (own !== undefined && own.length < MIN_TOKEN_CHARACTERS) {
    throw new UsageError(
      `${TOKEN_VARIABLE} has ${own.length} characters, and must have at least ${MIN_TOKEN_CHARACTERS}: openssl rand -hex 32 makes one.`,
    );
  }
  return own ?? newSecret();
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  const headers = {
    "content-type": "application/json",
    "cache-control": "no-store",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
  };
  const body = { jsonrpc: "2.0", error: { code: -32_000, message: reason }, id: null };
  response.writeHead(status, headers).end(JSON.stringify(body));
}
