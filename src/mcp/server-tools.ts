// The tools of one server, made by the adapters. We add what the adapters leave out: the shape of the output, hints of
// the host, names that cannot meet those of other servers, the cause of a failure, progress and questions. What a server
// says of its tools is text from outside, so it is bounded here. Prompts see to it that it opens none of their tags.
import { AsyncLocalStorage } from "node:async_hooks";
import type { DynamicStructuredTool } from "@langchain/core/tools";
import { interrupt } from "@langchain/langgraph";
import { cutText, isRecord, quote, quoteAll, withoutHidden, withoutUndefined } from "../base/index.js";
import { type AgentTool, reportOf, type ToolProgress } from "../tools/index.js";
import type { McpPackages, ToolClient, ToolDefinition } from "./load-packages.js";
import { McpError } from "./mcp-error.js";
import { NO_TIMEOUT, type ServerConnection } from "./server-connection.js";
import type { McpServer } from "./server-options.js";
import type { AskingCall } from "./server-questions.js";

/** How many bytes of a tool's description the planner is told. */
const MAX_DESCRIPTION_BYTES = 1_000;
/** How many bytes of the description of an argument. */
const MAX_ARGUMENT_BYTES = 300;
/** How many characters the JSON Schema of a tool's arguments may have. */
const MAX_SCHEMA_CHARACTERS = 20_000;
/** How many tools a server may have. */
const MAX_TOOLS = 500;
/** In how many pages it may list them. */
const MAX_PAGES = 100;
const MAX_NAME_CHARACTERS = 64;
const MAX_PROGRESS_BYTES = 500;
/** How often a call may report. */
const PROGRESS_EVERY_MS = 100;

/** The key of a call, in what goes with each request. A server that keeps it can tell that a call was made before. */
const KEY = "langgraph-plan-execute/idempotency-key";

/** A call of one tool. The adapters do not hand it on to the client, so it travels beside them. */
interface ServerCall extends AskingCall {
  readonly key: unknown;
  readonly report: ((progress: ToolProgress) => void) | undefined;
  /** What ended the request. The adapters keep only its words. */
  failure?: { readonly thrown: unknown };
}

const calls = new AsyncLocalStorage<ServerCall>();

/** Loads the tools of a server. */
export async function loadServerTools(
  name: string,
  server: McpServer,
  connection: ServerConnection,
  { loadMcpTools }: McpPackages,
): Promise<AgentTool[]> {
  const definitions = new Map<string, ToolDefinition>();
  let pages = 0;
  const client = createToolClient(connection, (tools) => {
    for (const tool of tools) {
      definitions.set(tool.name, tool);
    }
    pages += 1;
    if (definitions.size > MAX_TOOLS || pages > MAX_PAGES) {
      throw invalid(name, `lists more than ${MAX_TOOLS} tools, or more than ${MAX_PAGES} pages of them`);
    }
    const wanted = tools.filter((tool) => server.tools?.includes(tool.name) !== false);
    return wanted.map((tool) => ({ ...tool, inputSchema: boundSchema(name, tool) }));
  });
  const loaded = await loadMcpTools(name, client, {
    useStandardContentBlocks: true,
    outputHandling: "content",
  });
  assertNamed(name, server, definitions);
  return loaded.map((tool) => complete(tool, definitions.get(tool.name), name, server));
}

/** Throws if an option names a tool that the server has not. A hint with a misspelt name would let a call run unasked. */
function assertNamed(
  name: string,
  { tools = [], hints = {} }: McpServer,
  definitions: ReadonlyMap<string, ToolDefinition>,
): void {
  const named = { tools, hints: Object.keys(hints).filter((tool) => tool !== "*") };
  for (const [option, names] of Object.entries(named)) {
    const missing = names.find((tool) => !definitions.has(tool));
    if (missing !== undefined) {
      throw new McpError(
        "INVALID_TOOLS",
        `The MCP server "${name}" has no tool ${quote(missing)}, which mcp.${name}.${option} names. It has ${quoteAll([...definitions.keys()])}.`,
        name,
      );
    }
  }
}

/** The client as the adapters see it. */
function createToolClient(
  connection: ServerConnection,
  take: (tools: readonly ToolDefinition[]) => readonly ToolDefinition[],
): ToolClient {
  return {
    async listTools(params) {
      const page = await connection.request((client) => client.listTools(params));
      return { ...page, tools: take(page.tools) };
    },
    async callTool(params) {
      const call = calls.getStore();
      if (call === undefined) {
        throw new TypeError("A tool of a server was called past the function that it was given here.");
      }
      const { key, report } = call;
      const made = key === undefined ? params : { ...params, _meta: { [KEY]: key } };
      try {
        return await connection.questions.during(call, (signal) =>
          connection.request((client) =>
            client.callTool(made, undefined, {
              ...NO_TIMEOUT,
              signal,
              onprogress: report && readProgress(report),
            }),
          ),
        );
      } catch (thrown) {
        call.failure = { thrown };
        throw thrown;
      }
    },
    readResource: (params) => connection.request((client) => client.readResource(params)),
  };
}

/** Completes a tool of the adapters. */
function complete(
  tool: DynamicStructuredTool,
  definition: ToolDefinition | undefined,
  serverName: string,
  server: McpServer,
): AgentTool {
  const { func } = tool;
  const hints = { ...server.hints?.["*"], ...server.hints?.[tool.name] };
  const { outputSchema, annotations = {} } = definition ?? {};
  return Object.assign(tool, {
    name: toToolName(serverName, tool.name),
    description: bound(tool.description, MAX_DESCRIPTION_BYTES),
    metadata: withoutUndefined({ annotations, outputSchema, mcpServer: serverName, ...hints }),
    func: (...given: Parameters<typeof func>) => {
      const [, , config] = given;
      // A question comes while another request of the server is read, outside of the call's surroundings.
      const inCall = AsyncLocalStorage.snapshot();
      const call: ServerCall = {
        signal: config?.signal,
        ask: (question) => inCall(() => interrupt(question)),
        key: config?.configurable?.idempotency_key,
        report: config === undefined ? undefined : reportOf(config),
      };
      return calls.run(call, async () => {
        try {
          return await func(...given);
        } catch (error) {
          throw call.failure === undefined ? error : call.failure.thrown;
        }
      });
    },
  });
}

/** The name of a tool in the agent: the server's name first, and only characters that every provider accepts. */
function toToolName(server: string, tool: string): string {
  return `${server}__${tool.replaceAll(/[^a-zA-Z0-9_-]/g, "_")}`.slice(0, MAX_NAME_CHARACTERS);
}

/** Bounds what the schema of a tool's arguments may tell a model. */
function boundSchema(server: string, { name, inputSchema }: ToolDefinition): object {
  const schema = boundDescriptions(inputSchema);
  if (!isRecord(schema) || JSON.stringify(schema).length > MAX_SCHEMA_CHARACTERS || isHuge(schema)) {
    throw invalid(server, `has a tool ${quote(name)} whose arguments take too much JSON Schema to describe`);
  }
  return schema;
}

/** Whether a schema is too large once the adapters have put in what it refers to. They do so wherever it does. */
function isHuge(schema: Readonly<Record<string, unknown>>): boolean {
  const named = { ...Object(schema.definitions), ...Object(schema.$defs) };
  let left = MAX_SCHEMA_CHARACTERS;
  const visit = (value: unknown, inside: readonly string[]): void => {
    left--;
    if (left < 0 || typeof value !== "object" || value === null) {
      return;
    }
    const name = "$ref" in value ? String(value.$ref).replace(/^#\/(?:\$defs|definitions)\//, "") : undefined;
    if (name !== undefined && !inside.includes(name)) {
      visit(Reflect.get(named, name), [...inside, name]);
    }
    for (const inner of Object.values(value)) {
      visit(inner, inside);
    }
  };
  visit(schema, []);
  return left < 0;
}

function boundDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => boundDescriptions(one));
  }
  if (!isRecord(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      key === "description" && typeof entry === "string"
        ? bound(entry, MAX_ARGUMENT_BYTES)
        : boundDescriptions(entry),
    ]),
  );
}

/** Cuts a text from outside, and leaves out what nobody can see. */
function bound(text: string, maxBytes: number): string {
  return cutText(String(withoutHidden(text)), maxBytes);
}

/** Hands on a server's reports, bounded: some servers report thousands of times. */
function readProgress(report: (progress: ToolProgress) => void): (progress: unknown) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (given) => {
    const { progress, total, message } = isRecord(given) ? given : {};
    const isLast = typeof total === "number" && progress === total;
    const now = performance.now();
    if (typeof progress !== "number" || (!isLast && now - last < PROGRESS_EVERY_MS)) {
      return;
    }
    last = now;
    report(
      withoutUndefined({
        progress,
        total: typeof total === "number" ? total : undefined,
        message: typeof message === "string" ? bound(message, MAX_PROGRESS_BYTES) : undefined,
      }),
    );
  };
}

function invalid(server: string, what: string): McpError {
  const message = `The MCP server "${server}" ${what}. Name the tools that you want in mcp.${server}.tools.`;
  return new McpError("INVALID_TOOLS", message, server);
}
