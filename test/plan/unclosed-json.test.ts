import { expect, test } from "vitest";
import { isUnclosedJson } from "../../src/plan/index.js";

test.each([
  ['{"steps": [{"tool": "ec', true],
  ['[{"tool": "a"}, {', true],
  ['{"text": "a \\" } ', true],
  ['Here it is:\n```json\n{"a": 1,\n', true],
  ["```json\n{\n  ", true],
  ['{"a": "}"}', false],
  ['{"a": 1}\n{"a": 2', false],
  ['```json\n{"a": [1]}\n```\nThat is {all', false],
  ["{name} is not given.", false],
  ["[1] A source says so {", false],
  ["", false],
])("JSON that breaks off is told from JSON that closes, and from words: %j", (text, isUnclosed) => {
  expect(isUnclosedJson(text)).toBe(isUnclosed);
});
