import { z } from "zod";
import { isOfClass, PlanExecuteError } from "../../base/index.js";

/** The service that a search tool asks. */
export type SearchProvider = "wikipedia" | "tavily" | "duckduckgo" | "searxng" | "arxiv";

/** Why a search tool cannot be created or, for `SEARCH_FAILED`, why a search gave no result. */
export type SearchToolErrorCode =
  | "PACKAGE_MISSING"
  | "KEY_MISSING"
  | "URL_MISSING"
  | "INVALID_OPTION"
  | "UNKNOWN_PROVIDER"
  | "SEARCH_FAILED";

/** What an error may carry besides its message. */
export interface SearchToolErrorDetails {
  /** What the provider's package threw. */
  readonly cause?: unknown;
  /** HTTP status of the provider's answer, if known. */
  readonly status?: number;
}

/** A search tool cannot be created, or a search failed. The message begins with the provider's name. */
export class SearchToolError extends PlanExecuteError {
  /** HTTP status of the provider's answer, if known. */
  readonly status: number | undefined;

  constructor(
    /** The reason, for programs. */
    readonly code: SearchToolErrorCode,
    /** The provider whose tool it is. */
    readonly provider: string,
    what: string,
    { cause, status }: SearchToolErrorDetails = {},
  ) {
    super(`${provider}: ${what}`, cause === undefined ? undefined : { cause });
    this.status = status;
  }
}

/** Makes the error for a search that got no answer from the provider or failed on the way to it. */
export function searchFailed(provider: SearchProvider, cause: unknown): SearchToolError {
  if (cause instanceof SearchToolError) {
    return cause;
  }
  return new SearchToolError("SEARCH_FAILED", provider, `the search failed: ${reasonOf(cause)}`, { cause });
}

/** Returns the first line of an error, and adds its cause if that line is fetch's bare "fetch failed". */
export function reasonOf(cause: unknown): string {
  if (isOfClass(cause, z.ZodError)) {
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
