import { z } from "zod";
import { PlanExecuteError } from "../../base/index.js";

/** What a search is made with. */
export type SearchProvider = "wikipedia" | "tavily" | "duckduckgo" | "searxng" | "arxiv";

/** Why a search tool cannot be made, or (`SEARCH_FAILED`) why a search gave no result. */
export type SearchToolErrorCode =
  | "PACKAGE_MISSING"
  | "KEY_MISSING"
  | "URL_MISSING"
  | "INVALID_OPTION"
  | "UNKNOWN_PROVIDER"
  | "SEARCH_FAILED";

/** What an error may say besides its message. */
export interface SearchToolErrorDetails {
  /** What was thrown by the provider's package. */
  readonly cause?: unknown;
  /** The HTTP status of the provider's answer, where it is known. */
  readonly status?: number;
}

/** A search tool cannot be made, or a search failed; the message begins with the provider's name. */
export class SearchToolError extends PlanExecuteError {
  /** The HTTP status of the provider's answer, where it is known. */
  readonly status: number | undefined;

  constructor(
    /** Why, for programs. */
    readonly code: SearchToolErrorCode,
    /** Whose tool it is. */
    readonly provider: string,
    what: string,
    { cause, status }: SearchToolErrorDetails = {},
  ) {
    super(`${provider}: ${what}`, cause === undefined ? undefined : { cause });
    this.status = status;
  }
}

/** The error of a search that the provider, or the way to it, did not answer. */
export function searchFailed(provider: SearchProvider, cause: unknown): SearchToolError {
  if (cause instanceof SearchToolError) {
    return cause;
  }
  return new SearchToolError("SEARCH_FAILED", provider, `the search failed: ${reasonOf(cause)}`, { cause });
}

/** The first line of an error, and of its cause where it says nothing itself, as fetch's "fetch failed". */
export function reasonOf(cause: unknown): string {
  if (cause instanceof z.ZodError) {
    return `its answer has not the form it should: ${issueOf(cause)}`;
  }
  if (!(cause instanceof Error)) {
    return String(cause);
  }
  const [firstLine = ""] = cause.message.split("\n", 1);
  if (firstLine === "fetch failed" && cause.cause !== undefined) {
    return `${firstLine}: ${reasonOf(cause.cause)}`;
  }
  return firstLine === "" ? cause.name : firstLine;
}

function issueOf({ issues: [first] }: z.ZodError): string {
  return first === undefined ? "unknown" : [first.path.join("."), first.message].filter(Boolean).join(": ");
}
