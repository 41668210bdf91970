import { ToolInputParsingException } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isWorthRetrying } from "../../src/tools/invoke-tool.js";

const writes = "with-key";
const reads = "always";
const withFields = (fields: object) => Object.assign(new Error("x"), fields);

describe("isWorthRetrying", () => {
  it.each([
    withFields({ code: "ECONNRESET" }),
    withFields({ code: "ETIMEDOUT" }),
    withFields({ code: "EAI_AGAIN" }),
    new TypeError("fetch failed"),
    new TypeError("fetch failed", { cause: withFields({ code: "ENOTFOUND" }) }),
    new Error("socket hang up"),
    new Error("outer", { cause: withFields({ code: "ECONNRESET" }) }),
    new DOMException("The operation was aborted due to timeout", "TimeoutError"),
    new Error("Request timed out."),
    "network error",
    withFields({ status: 408 }),
    withFields({ status: 409 }),
    withFields({ statusCode: 425 }),
    withFields({ response: { status: 429 } }),
    withFields({ status: 500 }),
    withFields({ statusCode: "503" }),
    withFields({ retryable: true }),
  ])("is yes for %s, even where the tool changes something", (error) => {
    expect(isWorthRetrying(error, writes)).toBe(true);
  });

  it.each([
    new ToolInputParsingException("bad input"),
    z.string().safeParse(1).error,
    new TypeError("x is not a function"),
    new SyntaxError("Unexpected token"),
    new RangeError("Invalid array length"),
    withFields({ status: 400 }),
    withFields({ status: 404 }),
    withFields({ response: { status: 403 } }),
    withFields({ retryable: false, code: "ECONNRESET" }),
  ])("is no for %s, even where the tool only reads", (error) => {
    expect(isWorthRetrying(error, reads)).toBe(false);
  });

  it.each([new Error("unknown"), "some text", undefined, null, 42, withFields({ status: 200 }), {}])(
    "is yes for %s, which says nothing of itself, only where the tool is read-only",
    (error) => {
      expect(isWorthRetrying(error, reads)).toBe(true);
      expect(isWorthRetrying(error, writes)).toBe(false);
    },
  );

  it("is no for a tool that must not be called twice, whatever the error", () => {
    expect(isWorthRetrying(withFields({ code: "ECONNRESET" }), "never")).toBe(false);
  });

  it("ends on a chain of causes that closes", () => {
    const error: Error & { cause?: unknown } = new Error("a");
    error.cause = error;
    expect(isWorthRetrying(error, writes)).toBe(false);
  });
});
