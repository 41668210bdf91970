import type { BaseChatModel } from "@langchain/core/language_models/chat_models";

const LONGEST_RETRY_AFTER_MS = 60_000;

/** How long a provider asks to wait, in milliseconds: in its own header, in seconds, or until a date. */
export function retryAfterMs(error: unknown, now: () => number): number | undefined {
  if (typeof error !== "object" || error === null || !("headers" in error)) {
    return undefined;
  }
  const { headers } = error;
  const waitMs =
    toNumber(readHeader(headers, "retry-after-ms")) ??
    parseRetryAfter(readHeader(headers, "retry-after"), now);
  return waitMs === undefined ? undefined : Math.min(Math.max(0, waitMs), LONGEST_RETRY_AFTER_MS);
}

function parseRetryAfter(text: unknown, now: () => number): number | undefined {
  const seconds = toNumber(text);
  if (seconds !== undefined) {
    return seconds * 1000;
  }
  // A negative number would be read as a date as well.
  const at = typeof text === "string" && /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at - now();
}

function toNumber(text: unknown): number | undefined {
  const value = text === null || text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

function readHeader(headers: unknown, name: string): unknown {
  if (headers instanceof Headers) {
    return headers.get(name);
  }
  return typeof headers === "object" && headers !== null ? Reflect.get(headers, name) : undefined;
}

/** Where chat models keep how long their answers may be, as their users set it. */
const OWN_LIMITS = ["maxTokens", "maxOutputTokens", "maxCompletionTokens", "numPredict"] as const;

/** The most tokens that a model may answer with: what it was made with, else what it can do, else unknown. */
export function outputLimitOf(model: BaseChatModel): number | undefined {
  const limits = [...OWN_LIMITS.map((key) => Reflect.get(model, key)), model.profile?.maxOutputTokens];
  return limits.find((limit): limit is number => Number.isSafeInteger(limit) && limit > 0);
}
