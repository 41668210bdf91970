import { describeError, type NextAttempt } from "../base/index.js";

const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Reads how long a provider asks us to wait, in milliseconds. It may say so in milliseconds in a header of its own, in
 * seconds, or as a date.
 */
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

/** The fields of the event for a call that is repeated. */
export function describeRetry({ attempt, delayMs, askedMs, failure }: NextAttempt<unknown>) {
  const tooOften = Reflect.get(Object(failure), "status") === 429 || askedMs !== undefined;
  return { attempt, delayMs, error: describeError(failure), ...(tooOften ? { tooOften } : {}) };
}

function parseRetryAfter(text: unknown, now: () => number): number | undefined {
  const seconds = toNumber(text);
  if (seconds !== undefined) {
    return seconds * 1000;
  }
  // Without the test for letters, a negative number would be read as a date.
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
