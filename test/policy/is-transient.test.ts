import { expect, test } from "vitest";
import { z } from "zod";
import { isTransient } from "../../src/policy/index.js";

const withFields = (fields: object, message = "it failed") => Object.assign(new Error(message), fields);

test.each([408, 409, 425, 429, 500, 502, 503, 529, 599])("HTTP %i is worth another attempt", (status) => {
  expect(isTransient({ status })).toBe(true);
  expect(isTransient({ statusCode: String(status) })).toBe(true);
  expect(isTransient({ response: { status } })).toBe(true);
  expect(isTransient({ response: { statusCode: status } })).toBe(true);
});

test.each([400, 401, 403, 404, 422, 499])("HTTP %i is not worth another attempt", (status) => {
  expect(isTransient({ status })).toBe(false);
  expect(isTransient(withFields({ status }, "timed out"))).toBe(false);
});

test.each([200, 399, 600, 700, 429.5, "failed", undefined, null])("a status of %s says nothing", (status) => {
  expect(isTransient({ status })).toBeUndefined();
  expect(isTransient({ status, code: "ECONNRESET" })).toBe(true);
});

test.each([
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
])("the network's %s is worth another attempt", (code) => {
  expect(isTransient(withFields({ code }))).toBe(true);
});

test("another code says nothing", () => {
  expect(isTransient(withFields({ code: "ENOENT" }))).toBeUndefined();
  expect(isTransient(withFields({ code: 7 }))).toBeUndefined();
});

test.each(["TimeoutError", "AbortError"])("a %s is worth another attempt", (name) => {
  expect(isTransient(new DOMException("it ended", name))).toBe(true);
});

test.each(["fetch failed", "socket hang up", "a Network Error came", "it timed out", "timeout", "time out"])(
  "the words “%s” are worth another attempt",
  (text) => {
    expect(isTransient(new Error(text))).toBe(true);
    expect(isTransient(text)).toBe(true);
    expect(isTransient(new TypeError(text))).toBe(true);
  },
);

test.each(["timed outing", "timeouts", "all is well", ""])("the words “%s” say nothing", (text) => {
  expect(isTransient(new Error(text))).toBeUndefined();
  expect(isTransient(text)).toBeUndefined();
});

test("bad input and programming errors are not worth another attempt", () => {
  const zodError = z.string().safeParse(1).error;
  const errors = [new TypeError("x"), new SyntaxError("x"), new RangeError("x"), new ReferenceError("x")];
  for (const error of [...errors, zodError, { name: "ZodError" }, { name: "$ZodError" }]) {
    expect(isTransient(error)).toBe(false);
  }
  expect(isTransient(Object.assign(new SyntaxError("x"), { status: 503 }))).toBe(false);
});

test("what an error says of itself goes before everything else", () => {
  expect(isTransient(withFields({ retryable: false, status: 503 }))).toBe(false);
  expect(isTransient(withFields({ retryable: true, status: 400 }))).toBe(true);
  expect(isTransient(withFields({ retryable: "yes", status: 400 }))).toBe(false);
});

test.each([undefined, null, 1, true, {}, [], { message: 5, name: 5 }])("%j says nothing", (thrown) => {
  expect(isTransient(thrown)).toBeUndefined();
});

test("the cause is looked at, five deep", () => {
  const nested = (depth: number): object =>
    depth === 0 ? { status: 503 } : withFields({ cause: nested(depth - 1) });
  expect(isTransient(nested(1))).toBe(true);
  expect(isTransient(nested(5))).toBe(true);
  expect(isTransient(nested(6))).toBeUndefined();
  expect(isTransient(withFields({ cause: "socket hang up" }))).toBe(true);
});

test("a cause that is the error itself ends", () => {
  const error: { cause?: unknown } = {};
  error.cause = error;
  expect(isTransient(error)).toBeUndefined();
});

test("properties that throw are taken as absent", () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error("no");
      },
    },
  );
  expect(isTransient(hostile)).toBeUndefined();
});

test("a response that is null says nothing", () => {
  expect(isTransient({ response: null })).toBeUndefined();
  expect(isTransient({ response: 429 })).toBeUndefined();
});
