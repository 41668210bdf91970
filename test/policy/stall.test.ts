import { expect, test } from "vitest";
import { findRepeatedFailure, isSameWork } from "../../src/policy/index.js";
import { result, step } from "./results.js";

const search = { tool: "search", args: { query: "a", limit: 1 } };

test("the same calls in another order, under other ids and words, are the same work", () => {
  const before = [step("1", search), step("2", { tool: "read", args: {} })];
  const after = [
    step("8", { tool: "read", args: {} }),
    step("9", { ...search, args: { limit: 1, query: "a" } }),
  ];
  expect(isSameWork(before, after)).toBe(true);
});

test.each([
  ["another tool", { ...search, tool: "find" }],
  ["other arguments", { ...search, args: { query: "b", limit: 1 } }],
  ["a list to go through", { ...search, forEach: "{{0}}" }],
  ["no arguments", { tool: "search" }],
])("%s is other work", (_, fields) => {
  expect(isSameWork([step("1", search)], [step("1", fields)])).toBe(false);
});

test("fewer or more steps are other work", () => {
  expect(isSameWork([step("1", search)], [step("1", search), step("2", search)])).toBe(false);
  expect(isSameWork([], [])).toBe(true);
  expect(isSameWork([], [step("1")])).toBe(false);
});

test("steps of an agent are the same by their words, calls by tool and words", () => {
  const words = { description: "write it" };
  expect(isSameWork([step("1", words)], [step("2", words)])).toBe(true);
  expect(isSameWork([step("1", words)], [step("1", { description: "read it" })])).toBe(false);
  expect(isSameWork([step("1", words)], [step("1", { ...words, forEach: "{{0}}" })])).toBe(false);
  expect(isSameWork([step("1", { ...words, tool: "a" })], [step("1", { ...words, tool: "b" })])).toBe(false);
  expect(isSameWork([step("1", { ...words, args: { a: 1 } })], [step("1", words)])).toBe(true);
  expect(isSameWork([step("1", words)], [step("1", { ...words, tools: [] })])).toBe(false);
  expect(isSameWork([step("1", words)], [step("1", { ...words, model: "strong" })])).toBe(false);
});

test("a call that failed is found again under another id, as it was planned", () => {
  const planned = step("1", { tool: "search", args: { query: "{{0}}" } });
  const failed = result("1", "failed", { tool: "search", args: { query: "Rome" } });
  const again = step("5", { tool: "search", args: { query: "{{0}}" } });
  expect(findRepeatedFailure([step("4"), again], [{ planned, result: failed }])?.step).toBe(again);
});

test("a call that failed is found again as it was sent", () => {
  const failed = result("1", "failed", { tool: "search", args: { query: "Rome" } });
  const again = step("5", { tool: "search", args: { query: "Rome" } });
  expect(findRepeatedFailure([again], [{ planned: undefined, result: failed }])?.step).toBe(again);
});

test("an agent's task that failed is found again by its words", () => {
  const failed = result("1", "blocked", { description: "as it was filled in" });
  const planned = step("1", { description: "write it" });
  const again = step("5", { description: "write it" });
  expect(findRepeatedFailure([again], [{ planned, result: failed }])?.step).toBe(again);
});

test("other arguments, other words and other tools are no repetition", () => {
  const failed = result("1", "failed", { tool: "search", args: { query: "Rome" } });
  const others = [
    step("2", { tool: "search", args: { query: "Paris" } }),
    step("3", { tool: "find", args: { query: "Rome" } }),
    step("4", { tool: "search" }),
    step("5", { description: "step 1" }),
  ];
  const planned = step("1", { tool: "search", args: { query: "Rome" } });
  expect(findRepeatedFailure(others, [{ planned, result: failed }])).toBeUndefined();
});

test("a result without arguments says nothing where the plan does not know the step", () => {
  const failed = [
    result("1", "failed", { tool: "search" }),
    result("2", "failed", { args: { query: "Rome" } }),
  ].map((one) => ({ planned: undefined, result: one }));
  expect(findRepeatedFailure([step("1"), step("2")], failed)).toBeUndefined();
});

test("one list to go through is not another", () => {
  const over = (forEach: string) => [
    step("1", { ...search, forEach }),
    step("2", { description: "d", forEach }),
  ];
  expect(isSameWork(over("{{a}}"), over("{{a}}"))).toBe(true);
  expect(isSameWork(over("{{a}}"), over("{{b}}"))).toBe(false);
});

test("a call without arguments is not found again by a step that has some", () => {
  const failed = result("1", "failed", { tool: "search" });
  expect(
    findRepeatedFailure([step("2", { tool: "search", args: {} })], [{ planned: undefined, result: failed }]),
  ).toBeUndefined();
});
