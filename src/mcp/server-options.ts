import { z } from "zod";

/** What a tool of a server is to be taken for, whatever the server says of it. */
export interface McpHints {
  /** It changes nothing. */
  readonly readOnly?: boolean;
  /** It may overwrite or remove something. */
  readonly destructive?: boolean;
  /** A second call with the same arguments changes nothing more. */
  readonly idempotent?: boolean;
}

/** A message of a server's log. */
export interface McpLog {
  readonly level: string;
  /** The part of the server that writes it. */
  readonly logger?: string;
  readonly data: unknown;
}

/** What every server may be given. */
export interface McpServerOptions {
  /** The names of the tools to take, as the server has them. @default all */
  readonly tools?: readonly string[];
  /** Hints in place of the server's own, by the tool's name as the server has it; `"*"` is for all of its tools. */
  readonly hints?: Readonly<Record<string, McpHints>>;
  /** Gets the messages of the server's log. What it throws is ignored. */
  readonly onLog?: (log: McpLog) => unknown;
}

/** A server that runs as a process of ours, and speaks over its standard input and output. */
export interface McpProcess extends McpServerOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** All that the process gets of the environment, beside PATH, HOME, LOGNAME, SHELL, TERM and USER. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that it starts in. @default ours */
  readonly cwd?: string;
}

/** A server elsewhere, over streamable HTTP. */
export interface McpAddress extends McpServerOptions {
  readonly url: string;
  /** Sent with each request, such as an `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An MCP server: a command to start, or an address. */
export type McpServer = McpProcess | McpAddress;

/** The longest name of a server. It begins the names of its tools, and those have 64 characters at most. */
const NAME = /^[a-zA-Z0-9_-]{1,24}$/;

const HINTS = z.strictObject({
  readOnly: z.boolean().optional(),
  destructive: z.boolean().optional(),
  idempotent: z.boolean().optional(),
});
const OPTIONS = {
  tools: z.array(z.string()).optional(),
  hints: z.record(z.string(), HINTS).optional(),
  onLog: z
    .custom<McpServerOptions["onLog"]>((value) => typeof value === "function", "must be a function")
    .optional(),
};
const TEXTS = z.record(z.string(), z.string());
const PROCESS = z.strictObject({
  ...OPTIONS,
  command: z.string().min(1),
  args: z.array(z.string()).optional(),
  env: TEXTS.optional(),
  cwd: z.string().optional(),
});
const ADDRESS = z.strictObject({
  ...OPTIONS,
  url: z.url({ protocol: /^https?$/, error: "must be an http or https address" }),
  headers: TEXTS.optional(),
});

/** The schema of the option `mcp`. */
export const MCP_SERVERS: z.ZodType<
  Readonly<Record<string, McpServer>>,
  Readonly<Record<string, McpServer>>
> = z.record(
  z.string().regex(NAME),
  z.union([PROCESS, ADDRESS], {
    error: "must be { command, args, env, cwd } or { url, headers }; either may have tools, hints and onLog",
  }),
  {
    error: ({ code }) =>
      code === "invalid_key" ? 'must be under a name of 1 to 24 letters, digits, "_" or "-"' : undefined,
  },
);

/** Whether a server is a process of ours. */
export function isProcess(server: McpServer): server is McpProcess {
  return "command" in server;
}
