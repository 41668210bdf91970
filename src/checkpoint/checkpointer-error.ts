import { PlanExecuteError } from "../base/index.js";

/** Why a checkpointer or a store could not be opened, or could not do what was asked. */
export type CheckpointerErrorCode =
  | "PACKAGE_MISSING"
  | "UNKNOWN_URL"
  | "CANNOT_OPEN"
  | "QUERY_UNSUPPORTED"
  | "INVALID_OPTIONS"
  | "INVALID_KEYS"
  | "CANNOT_DECRYPT"
  | "VALUE_MISSING"
  | "NOT_ENCRYPTED";

/**
 * A checkpointer or a store could not be opened, or could not do what was asked. The message never contains
 * the URL, because that may contain a password.
 */
export class CheckpointerError extends PlanExecuteError {
  /** The reason, for programs. */
  readonly code: CheckpointerErrorCode;

  constructor(code: CheckpointerErrorCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The URL forms that we understand, for messages. */
export const UNDERSTOOD_URLS: readonly string[] = [
  "memory:",
  "sqlite:<path>",
  "sqlite::memory:",
  "postgres://<user>:<password>@<host>:<port>/<database>",
  "postgresql://…",
];

/** Makes the error for a URL that we do not understand; `what` says what is wrong with it. */
export function unknownUrl(what: string, understood = UNDERSTOOD_URLS): CheckpointerError {
  return new CheckpointerError(
    "UNKNOWN_URL",
    `Nothing opens this URL: ${what}. Understood are: ${understood.join(", ")}`,
  );
}

/** Makes the error for a file or a server that cannot be opened. */
export function cannotOpen(what: string, cause: unknown): CheckpointerError {
  return new CheckpointerError("CANNOT_OPEN", `Cannot open ${what}: ${reasonOf(cause)}`, { cause });
}

/**
 * Returns the first line of an error. Node leaves it empty and gives only a code if every one of several
 * addresses refused the connection.
 */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) {
    return String(cause);
  }
  const [firstLine = ""] = cause.message.split("\n", 1);
  if (firstLine !== "") {
    return firstLine;
  }
  return "code" in cause ? String(cause.code) : cause.name;
}
