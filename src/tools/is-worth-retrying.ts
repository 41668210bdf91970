import { ToolInputParsingException } from "@langchain/core/tools";
import { isTransient } from "../policy/index.js";

/** What the verdict depends on besides the error. */
export interface RetryCircumstances {
  /** Whether the tool changes nothing. */
  readonly readOnly: boolean;
}

/**
 * Whether the same call of a tool may come out right when it is made again.
 *
 * What is transient is worth it even where the tool changes something, though it may have been carried out all
 * the same: that is why each tool is given an idempotency key. Arguments that the tool refused never are.
 *
 * An error that says nothing of itself is retried only where the tool is read-only. To ask twice costs a
 * moment; to pay twice costs money, and such an error gives no reason to hope that a second try helps.
 */
export function isWorthRetrying(error: unknown, circumstances: RetryCircumstances): boolean {
  if (error instanceof ToolInputParsingException) return false;
  return isTransient(error) ?? circumstances.readOnly;
}
