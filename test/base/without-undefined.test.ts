import { expect, test } from "vitest";
import { withoutUndefined } from "../../src/base/index.js";

test("drops the keys whose value is undefined, and keeps null, empty values and the order", () => {
  const value = { c: 1, a: undefined, b: null, d: "", e: false };
  expect(Object.entries(withoutUndefined(value))).toEqual([
    ["c", 1],
    ["b", null],
    ["d", ""],
    ["e", false],
  ]);
  expect(Object.keys(value)).toContain("a");
});
