import { PlanExecuteError } from "../base/index.js";

/** What can be wrong with the tools an agent is given. */
export type ToolRegistryErrorCode =
  | "NOT_A_TOOL"
  | "MISSING_NAME"
  | "INVALID_NAME"
  | "RESERVED_NAME"
  | "MISSING_SCHEMA"
  | "SCHEMA_NOT_JSON"
  | "DUPLICATE_TOOL"
  | "UNKNOWN_READ_ONLY_TOOL";

/** The tools an agent is given cannot be used: thrown when the registry is made, never during a run. */
export class ToolRegistryError extends PlanExecuteError {
  constructor(
    override readonly code: ToolRegistryErrorCode,
    message: string,
    /** The name of the tool at fault, where it has one. */
    readonly toolName?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What can be wrong with a call of a built-in tool. */
export type BuiltinToolErrorCode =
  | "INVALID_EXPRESSION"
  | "INVALID_DATE"
  | "INVALID_PATH"
  | "OUTSIDE_ROOT"
  | "NOT_FOUND"
  | "NOT_A_FILE"
  | "NOT_A_FOLDER"
  | "NOT_TEXT"
  | "TOO_LARGE"
  | "INVALID_DOCUMENT"
  | "INVALID_QUERY"
  | "UNKNOWN_COLUMN"
  | "INVALID_URL"
  | "HOST_NOT_ALLOWED"
  | "HTTP_STATUS"
  | "HTTP_FAILED";

/** A built-in tool was called with something it cannot do: its message says what to write instead. */
export class BuiltinToolError extends PlanExecuteError {
  constructor(
    override readonly code: BuiltinToolErrorCode,
    message: string,
    /** Whether the same call may come out right when it is made again. */
    readonly retryable = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
