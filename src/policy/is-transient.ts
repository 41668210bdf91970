const RETRYABLE_STATUS = new Set([408, 409, 425, 429]);
const NETWORK_CODES = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "ETIMEDOUT",
  "EPIPE",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_SOCKET",
]);
const TIMEOUT_NAMES = new Set(["TimeoutError", "AbortError"]);
const NETWORK_TEXT = /fetch failed|socket hang up|network error|timed? ?out\b/i;
const MAX_CAUSES = 5;

/**
 * Whether the same call may succeed if it is made again; undefined if the error does not tell.
 *
 * Yes: errors that call themselves retryable, network errors, timeouts, HTTP 408, 409, 425, 429 and 5xx. No: errors
 * that call themselves not retryable, bad input, programming errors, any other HTTP error status.
 */
export function isTransient(error: unknown): boolean | undefined {
  return verdict(error, MAX_CAUSES);
}

function verdict(error: unknown, causesLeft: number): boolean | undefined {
  if (typeof error === "string") {
    return NETWORK_TEXT.test(error) ? true : undefined;
  }
  if (typeof error !== "object" || error === null) {
    return undefined;
  }
  const own = field(error, "retryable");
  if (typeof own === "boolean") {
    return own;
  }
  if (isBadInput(error)) {
    return false;
  }
  const status = httpStatus(error);
  if (status !== undefined) {
    return RETRYABLE_STATUS.has(status) || status >= 500;
  }
  if (isNetworkError(error)) {
    return true;
  }
  const cause = field(error, "cause");
  return cause === undefined || causesLeft === 0 ? undefined : verdict(cause, causesLeft - 1);
}

function isBadInput(error: object): boolean {
  if (error instanceof TypeError) {
    return !isNetworkError(error);
  }
  if (error instanceof SyntaxError || error instanceof RangeError || error instanceof ReferenceError) {
    return true;
  }
  return field(error, "name") === "ZodError" || field(error, "name") === "$ZodError";
}

function isNetworkError(error: object): boolean {
  const code = field(error, "code");
  if (typeof code === "string" && NETWORK_CODES.has(code)) {
    return true;
  }
  const name = field(error, "name");
  if (typeof name === "string" && TIMEOUT_NAMES.has(name)) {
    return true;
  }
  const message = field(error, "message");
  return typeof message === "string" && NETWORK_TEXT.test(message);
}

function httpStatus(error: object): number | undefined {
  const response = field(error, "response");
  const places = [error, ...(typeof response === "object" && response !== null ? [response] : [])];
  for (const place of places) {
    for (const key of ["status", "statusCode"]) {
      const status = Number(field(place, key));
      if (Number.isInteger(status) && status >= 400 && status < 600) {
        return status;
      }
    }
  }
  return undefined;
}

function field(holder: object, key: string): unknown {
  try {
    return Reflect.get(holder, key);
  } catch {
    return undefined;
  }
}
