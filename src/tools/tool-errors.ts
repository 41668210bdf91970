import { PlanExecuteError } from "../base/index.js";

/** Why the tools of an agent cannot be used. */
export type ToolRegistryErrorCode =
  | "NOT_A_TOOL"
  | "MISSING_NAME"
  | "INVALID_NAME"
  | "RESERVED_NAME"
  | "MISSING_SCHEMA"
  | "SCHEMA_NOT_JSON"
  | "DUPLICATE_TOOL"
  | "UNKNOWN_READ_ONLY_TOOL"
  | "INVALID_RECOVERY"
  | "INVALID_PREVIEW";

/** The tools of an agent cannot be used. Thrown when the registry is built, never during a run. */
export class ToolRegistryError extends PlanExecuteError {
  constructor(
    override readonly code: ToolRegistryErrorCode,
    message: string,
    /** Name of the tool at fault, if it has one. */
    readonly toolName?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Why a built-in tool refused a call, or failed. */
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

/** A built-in tool cannot do what it was asked. The message says what to write instead. */
export class BuiltinToolError extends PlanExecuteError {
  constructor(
    override readonly code: BuiltinToolErrorCode,
    message: string,
    /** Whether repeating the same call may succeed. */
    readonly retryable = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
