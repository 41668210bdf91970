import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable, Writable } from "node:stream";
import type { z } from "zod";
import { importPackage, installCommand, type PackageLoader, wrongVersion } from "../../langgraph/index.js";
import { UsageError } from "../surroundings.js";

// Only the parts that we use are declared, because the package may not be installed.

/** What a tool gives back. */
export interface ToolResult {
  readonly content: readonly { readonly type: "text"; readonly text: string }[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean;
}

/** What comes with a call of a tool. */
export interface CallExtra {
  /** Aborts when the client cancels the call, and when the connection closes. */
  readonly signal: AbortSignal;
  readonly _meta?: { readonly progressToken?: string | number };
  sendNotification(notification: object): Promise<void>;
  sendRequest(request: object, resultSchema: object, options: object): Promise<unknown>;
}

/** A tool, as a server offers it. */
interface ToolConfig<Input extends z.ZodType> {
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Input;
  readonly outputSchema: z.ZodType;
  readonly annotations: object;
}

/** A server of the SDK. It has one client. */
export interface SdkServer {
  readonly server: {
    onerror?: (error: Error) => void;
    getClientCapabilities(): unknown;
    getClientVersion(): { readonly name: string } | undefined;
  };
  registerTool<Input extends z.ZodType>(
    name: string,
    config: ToolConfig<Input>,
    handler: (given: z.output<Input>, extra: CallExtra) => Promise<ToolResult>,
  ): void;
  connect(transport: object): Promise<void>;
  close(): Promise<void>;
}

/** The transport of one session over HTTP. */
export interface HttpTransport {
  readonly sessionId?: string;
  onclose?: () => void;
  handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** What is used of the SDK. */
export interface McpSdk {
  readonly McpServer: new (info: object, options: object) => SdkServer;
  readonly StdioServerTransport: new (stdin: Readable, stdout: Writable) => object;
  readonly StreamableHTTPServerTransport: new (options: object) => HttpTransport;
  readonly ElicitResultSchema: object;
}

const SDK = "@modelcontextprotocol/sdk";

/** Where each part is. */
const PLACES: Readonly<Record<keyof McpSdk, string>> = {
  McpServer: `${SDK}/server/mcp.js`,
  StdioServerTransport: `${SDK}/server/stdio.js`,
  StreamableHTTPServerTransport: `${SDK}/server/streamableHttp.js`,
  ElicitResultSchema: `${SDK}/types.js`,
};

/** Imports the SDK. Throws a `UsageError` with the command that installs it. */
export async function loadSdk(load: PackageLoader = importPackage): Promise<McpSdk> {
  const wrong = wrongVersion(SDK);
  if (wrong !== undefined) {
    throw sdkMissing(wrong);
  }
  const parts = await Promise.all(
    Object.entries(PLACES).map(async ([name, place]): Promise<[string, unknown]> => {
      const module: unknown = await load(place).catch((cause: unknown) => {
        throw sdkMissing("cannot be imported", cause);
      });
      return [name, Reflect.get(Object(module), name)];
    }),
  );
  const found: object = Object.fromEntries(parts);
  if (hasAll(found)) {
    return found;
  }
  throw sdkMissing("does not have what was expected of it");
}

/** At run time we can only check that the parts are there. We trust their types. */
function hasAll(found: object): found is McpSdk {
  return Object.values(found).every((part) => part !== undefined);
}

function sdkMissing(what: string, cause?: unknown): UsageError {
  const message = `serve --mcp needs the package ${SDK}, which ${what}. Install it: ${installCommand([SDK])}`;
  return new UsageError(message, { cause });
}
