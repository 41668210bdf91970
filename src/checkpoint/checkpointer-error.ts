import { PlanExecuteError } from "../base/index.js";

/** Why a checkpointer or a store could not be opened, or not do what it was asked for. */
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

/** A checkpointer or a store could not be opened, or not do what it was asked for. The message never holds the URL, which may hold a password. */
export class CheckpointerError extends PlanExecuteError {
  /** Why, for programs. */
  readonly code: CheckpointerErrorCode;

  constructor(code: CheckpointerErrorCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The forms of URL that are understood, for messages. */
export const UNDERSTOOD_URLS: readonly string[] = [
  "memory:",
  "sqlite:<path>",
  "sqlite::memory:",
  "postgres://<user>:<password>@<host>:<port>/<database>",
  "postgresql://…",
];

/** The URL has no form that is understood; `what` says what is wrong with it. */
export function unknownUrl(what: string): CheckpointerError {
  return new CheckpointerError(
    "UNKNOWN_URL",
    `Nothing opens this URL: ${what}. Understood are: ${UNDERSTOOD_URLS.join(", ")}`,
  );
}

/** The file or the server could not be opened. */
export function cannotOpen(what: string, cause: unknown): CheckpointerError {
  return new CheckpointerError("CANNOT_OPEN", `Cannot open ${what}: ${reasonOf(cause)}`, { cause });
}

/** The first line of an error; Node leaves it empty where each of several addresses refused, and gives only a code. */
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
