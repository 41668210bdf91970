import type { Readable } from "node:stream";
import type { DynamicStructuredTool } from "@langchain/core/tools";
import { importPackage, installCommand, type PackageLoader, wrongVersion } from "../langgraph/index.js";
import { McpError } from "./mcp-error.js";

// Only the parts that we use are declared: with the packages' own types, every consumer's compiler would need them.

/** A server's own description of a tool. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: object;
  readonly outputSchema?: object;
  readonly annotations?: object;
}

/** The options of a request. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
  readonly onprogress?: (progress: unknown) => void;
}

/** The part of a client that the adapters use. */
export interface ToolClient {
  listTools(
    params?: { readonly cursor?: string },
    options?: RequestOptions,
  ): Promise<{ readonly tools: readonly ToolDefinition[]; readonly nextCursor?: string }>;
  callTool(
    params: { readonly name: string; readonly arguments?: unknown; readonly _meta?: object },
    resultSchema?: undefined,
    options?: RequestOptions,
  ): Promise<unknown>;
  readResource(params: { readonly uri: string }): Promise<unknown>;
}

/** A client of the SDK. */
export interface SdkClient extends ToolClient {
  onclose?: () => void;
  onerror?: (error: unknown) => void;
  connect(transport: object, options?: RequestOptions): Promise<void>;
  close(): Promise<void>;
  ping(options?: RequestOptions): Promise<unknown>;
  setNotificationHandler(
    schema: object,
    handler: (notification: { readonly params?: unknown }) => void,
  ): void;
  setRequestHandler(
    schema: object,
    handler: (
      request: { readonly params: unknown },
      extra: { readonly signal: AbortSignal },
    ) => Promise<object>,
  ): void;
}

/** A transport of the SDK. */
export interface SdkTransport {
  readonly pid?: number | null;
  readonly stderr?: Readable | null;
  terminateSession?(): Promise<void>;
}

/** What is used of the two packages. */
export interface McpPackages {
  readonly loadMcpTools: (
    server: string,
    client: ToolClient,
    options: { readonly useStandardContentBlocks: boolean; readonly outputHandling: "content" },
  ) => Promise<DynamicStructuredTool[]>;
  readonly Client: new (info: object, options: object) => SdkClient;
  readonly StdioClientTransport: new (server: object) => SdkTransport;
  readonly StreamableHTTPClientTransport: new (url: URL, options: object) => SdkTransport;
  readonly ElicitRequestSchema: object;
  readonly LoggingMessageNotificationSchema: object;
  readonly ToolListChangedNotificationSchema: object;
}

/** The adapters bring the SDK along, so their version decides its version too. */
const ADAPTERS = "@langchain/mcp-adapters";

/** Where each part is. */
const PLACES: Readonly<Record<string, readonly (keyof McpPackages)[]>> = {
  [ADAPTERS]: ["loadMcpTools"],
  "@modelcontextprotocol/sdk/client/index.js": ["Client"],
  "@modelcontextprotocol/sdk/client/stdio.js": ["StdioClientTransport"],
  "@modelcontextprotocol/sdk/client/streamableHttp.js": ["StreamableHTTPClientTransport"],
  "@modelcontextprotocol/sdk/types.js": [
    "ElicitRequestSchema",
    "LoggingMessageNotificationSchema",
    "ToolListChangedNotificationSchema",
  ],
};

/**
 * Imports the packages when the first server is needed.
 * @throws McpError PACKAGE_MISSING, with the command that installs them.
 */
export async function loadMcpPackages(load: PackageLoader = importPackage): Promise<McpPackages> {
  const wrong = wrongVersion(ADAPTERS);
  if (wrong !== undefined) {
    throw packageMissing(wrong, undefined);
  }
  const parts = await Promise.all(
    Object.entries(PLACES).map(async ([place, names]) => {
      const module: unknown = await load(place).catch((cause: unknown) => {
        throw packageMissing("or the SDK that it brings cannot be imported", cause);
      });
      return names.map((name): [string, unknown] => [name, Reflect.get(Object(module), name)]);
    }),
  );
  const found: Readonly<Record<string, unknown>> = Object.fromEntries(parts.flat());
  if (hasAll(found)) {
    return found;
  }
  throw packageMissing("does not have what was expected of it", undefined);
}

/** At run time we can only check that the parts are there. We trust their types. */
function hasAll(found: object): found is McpPackages {
  return Object.values(found).every((part) => part !== undefined);
}

function packageMissing(what: string, cause: unknown): McpError {
  const message = `MCP servers need the package ${ADAPTERS}, which ${what}. Install it: ${installCommand([ADAPTERS])}`;
  return new McpError("PACKAGE_MISSING", message, undefined, { cause });
}
