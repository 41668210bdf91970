// The connection to one server. It is opened when it is first needed, and again after the server has ended.
//
//   (1) A server with nothing to do does not keep our process alive, and ends with it.
//   (2) What a server was doing when it ended is an error with the server's last words.
//   (3) A server over HTTP may have forgotten our session. It did not carry out that request, so it is made again.
//   (4) The SDK waits for ever for an answer whose stream broke. So after each trouble of the transport the server is
//       asked whether it is there.
import { cutText, describeError, inTime, isRecord, LONGEST_TIMER_MS } from "../base/index.js";
import { holdServerProcess, watchServerProcess } from "../langgraph/index.js";
import { endsWithUs } from "./ends-with-us.js";
import type { McpPackages, SdkClient, SdkTransport } from "./load-packages.js";
import { McpError } from "./mcp-error.js";
import { isProcess, type McpServer } from "./server-options.js";
import { ServerQuestions } from "./server-questions.js";

/** How long a server may take to start, since npx may have to fetch it first; and to say that it is there. */
const CONNECT_TIMEOUT_MS = 60_000;
const PING_TIMEOUT_MS = 5_000;
/** How long a server may take to end its session. */
const LEAVE_TIMEOUT_MS = 2_000;
/** How much is kept of what a server wrote last. */
const MAX_LAST_WORDS = 1_000;

/** A connection that was opened. */
interface OpenConnection {
  readonly client: SdkClient;
  readonly transport: SdkTransport;
  /** How the server's process ended. */
  readonly ending: () => string | undefined;
  /** How many requests are under way. */
  requests: number;
  isClosed: boolean;
}

/** The connection to one server. */
export class ServerConnection {
  readonly questions: ServerQuestions;
  readonly #name: string;
  readonly #server: McpServer;
  readonly #load: () => Promise<McpPackages>;
  #opening: Promise<OpenConnection> | undefined;
  #current: OpenConnection | undefined;
  #lastWords = "";
  #changes = 0;

  constructor(name: string, server: McpServer, load: () => Promise<McpPackages>) {
    this.#name = name;
    this.#server = server;
    this.#load = load;
    this.questions = new ServerQuestions(name);
  }

  /** Grows when the server may offer other tools than before. */
  get changes(): number {
    return this.#changes;
  }

  /** Makes a request. The server is started if it does not run. */
  async request<Result>(work: (client: SdkClient) => Promise<Result>): Promise<Result> {
    for (let isFirst = true; ; isFirst = false) {
      const open = await this.#connect();
      hold(open, 1);
      try {
        return await work(open.client);
      } catch (error) {
        if (open.isClosed) {
          throw this.#ended(open, error);
        }
        if (!isFirst || !isSessionGone(error)) {
          throw error;
        }
        this.#forget(open);
      } finally {
        hold(open, -1);
      }
    }
  }

  /** Ends the server, or the session with it. A later request starts it again. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    const open = await opening?.catch(() => undefined);
    const left = open?.transport.terminateSession?.();
    if (left !== undefined) {
      await inTime(left, LEAVE_TIMEOUT_MS, "").catch(() => {});
    }
    await open?.client.close();
  }

  #connect(): Promise<OpenConnection> {
    this.#opening ??= this.#open().catch((cause: unknown) => {
      this.#opening = undefined;
      throw cause instanceof McpError ? cause : this.#notConnected(cause);
    });
    return this.#opening;
  }

  async #open(): Promise<OpenConnection> {
    const packages = await this.#load();
    this.#lastWords = "";
    const client = new packages.Client(
      { name: "langgraph-plan-execute", version: "1" },
      { capabilities: { elicitation: { form: {} } } },
    );
    const transport = this.#createTransport(packages);
    this.#listen(client, packages);
    try {
      await client.connect(transport, { timeout: CONNECT_TIMEOUT_MS });
    } catch (error) {
      await client.close();
      throw error;
    }
    const forget = typeof transport.pid === "number" ? endsWithUs(transport.pid) : undefined;
    const open: OpenConnection = {
      client,
      transport,
      ending: watchServerProcess(transport),
      requests: 0,
      isClosed: false,
    };
    client.onclose = () => {
      open.isClosed = true;
      forget?.();
      this.#forget(open);
    };
    client.onerror = () => this.#check(open);
    this.#current = open;
    this.#changes++;
    hold(open, 0);
    return open;
  }

  #createTransport({ StdioClientTransport, StreamableHTTPClientTransport }: McpPackages): SdkTransport {
    const server = this.#server;
    if (!isProcess(server)) {
      return new StreamableHTTPClientTransport(new URL(server.url), {
        requestInit: { headers: { ...server.headers } },
      });
    }
    const { command, args = [], env, cwd } = server;
    const transport = new StdioClientTransport({ command, args, env, cwd, stderr: "pipe" });
    transport.stderr?.on("data", (chunk: Buffer) => this.#note(chunk.toString("utf8")));
    return transport;
  }

  /** Listens to what the server says by itself. */
  #listen(client: SdkClient, packages: McpPackages): void {
    client.setNotificationHandler(packages.ToolListChangedNotificationSchema, () => {
      this.#changes++;
    });
    client.setNotificationHandler(packages.LoggingMessageNotificationSchema, ({ params }) => {
      const { level, logger, data } = isRecord(params) ? params : {};
      this.#note(`${typeof data === "string" ? data : (JSON.stringify(data) ?? "")}\n`);
      try {
        this.#server.onLog?.({
          level: String(level),
          logger: logger === undefined ? logger : String(logger),
          data,
        });
      } catch {
        // What a listener throws is its own trouble.
      }
    });
    client.setRequestHandler(packages.ElicitRequestSchema, ({ params }, { signal }) =>
      this.questions.answer(params, signal),
    );
  }

  #note(words: string): void {
    this.#lastWords = (this.#lastWords + words).slice(-MAX_LAST_WORDS);
  }

  /** The next request opens another connection. */
  #forget(open: OpenConnection): void {
    if (this.#current === open) {
      this.#opening = undefined;
    }
  }

  #check(open: OpenConnection): void {
    if (open.requests > 0 && !isProcess(this.#server)) {
      open.client.ping({ timeout: PING_TIMEOUT_MS }).catch(() => open.client.close());
    }
  }

  #ended({ ending }: OpenConnection, cause: unknown): McpError {
    const how = ending();
    const what = isProcess(this.#server)
      ? `ended${how === undefined ? "" : ` (${how})`}`
      : "broke the connection";
    return new McpError(
      "SERVER_ENDED",
      `The MCP server "${this.#name}" ${what} while it was at work, so nobody knows what it has done. The next call starts it again.${this.#quoteLastWords()}`,
      this.#name,
      { cause },
    );
  }

  #notConnected(cause: unknown): McpError {
    const what = isProcess(this.#server)
      ? `could not be started: ${describeError(cause)}. Look at its command, args, cwd and env`
      : `could not be reached: ${describeError(cause)}. Look at its url and headers`;
    return new McpError(
      "CONNECT_FAILED",
      `The MCP server "${this.#name}" ${what} in the option mcp.${this.#quoteLastWords()}`,
      this.#name,
      { cause },
    );
  }

  #quoteLastWords(): string {
    const words = this.#lastWords.trim();
    return words === "" ? "" : ` Its last words: ${JSON.stringify(cutText(words, MAX_LAST_WORDS))}`;
  }
}

/** Counts the requests of a connection. Its process keeps ours alive while there are any. */
function hold(open: OpenConnection, change: number): void {
  open.requests += change;
  holdServerProcess(open.transport, open.requests > 0);
}

/** Whether a server over HTTP refused a request because it does not know its session. */
function isSessionGone(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) {
    return false;
  }
  return error.code === 404 || (error.code === 400 && /session/i.test(error.message));
}

/** A request of ours has the deadline of its step, so the SDK's own must not come before. */
export const NO_TIMEOUT = { timeout: LONGEST_TIMER_MS } as const;
