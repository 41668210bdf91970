import { PlanExecuteError } from "../base/index.js";

/** Why a server could not be used. */
export type McpErrorCode = "PACKAGE_MISSING" | "CONNECT_FAILED" | "SERVER_ENDED" | "INVALID_TOOLS";

/** An MCP server cannot be used, or ended while it was at work. */
export class McpError extends PlanExecuteError {
  constructor(
    override readonly code: McpErrorCode,
    message: string,
    /** The name of the server in the options, if it is about one. */
    readonly server?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
