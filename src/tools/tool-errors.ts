/** What can be wrong with the tools an agent is given. */
export type ToolRegistryErrorCode =
  | "not-a-tool"
  | "missing-name"
  | "invalid-name"
  | "reserved-name"
  | "missing-schema"
  | "schema-not-json"
  | "duplicate-tool"
  | "unknown-read-only-tool";

/** The tools an agent is given cannot be used: thrown when the registry is made, never during a run. */
export class ToolRegistryError extends Error {
  override readonly name = "ToolRegistryError";

  constructor(
    readonly code: ToolRegistryErrorCode,
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
  | "invalid-expression"
  | "invalid-date"
  | "invalid-path"
  | "outside-root"
  | "not-found"
  | "not-a-file"
  | "not-a-folder"
  | "not-text"
  | "too-large"
  | "invalid-document"
  | "invalid-query"
  | "unknown-column"
  | "invalid-url"
  | "host-not-allowed"
  | "http-status"
  | "http-failed";

/** A built-in tool was called with something it cannot do: its message says what to write instead. */
export class BuiltinToolError extends Error {
  override readonly name = "BuiltinToolError";

  constructor(
    readonly code: BuiltinToolErrorCode,
    message: string,
    /** Whether the same call may come out right when it is made again. */
    readonly retryable = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
