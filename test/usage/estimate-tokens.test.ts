import fc from "fast-check";
import { expect, it } from "vitest";
import { estimateTokens } from "../../src/usage/index.js";

it.each([
  ["", 0],
  [" ", 1],
  ["abcd", 1],
  ["abcde", 2],
  ["a b c d", 4],
  ["one\ttwo\n\nthree", 4],
  ["a ".repeat(100), 100],
  ["x".repeat(4000), 1000],
])("estimates %j", (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens);
});

it("is never less than the words, nor than a quarter of the characters, and no more than the greater", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const words = text.split(/\s+/).filter((word) => word !== "").length;
      expect(estimateTokens(text)).toBe(Math.max(words, Math.ceil(text.length / 4)));
    }),
  );
});
