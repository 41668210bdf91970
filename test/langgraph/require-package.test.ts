import { expect, test } from "vitest";
import { requirePackage } from "../../src/langgraph/index.js";

test("an optional package that is installed is there at once", () => {
  expect(requirePackage("@opentelemetry/api")).toHaveProperty("trace");
});

test("one that is not installed is undefined, and nothing is thrown or printed", () => {
  expect(requirePackage("not-installed" as never)).toBeUndefined();
});
