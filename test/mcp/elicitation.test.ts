import { expect, test } from "vitest";
import { readAnswer, toQuestion } from "../../src/mcp/elicitation.js";

const question = (properties: object, required: readonly string[] = Object.keys(properties)) =>
  toQuestion("s", { message: "m", requestedSchema: { type: "object", properties, required } });
const one = question({ age: { type: "integer", minimum: 18 } });
const two = question({ name: { type: "string" }, pay: { type: "boolean" } });

test.each([
  ["the fields", two, { name: "Ann", pay: true }, { name: "Ann", pay: true }],
  [
    "the fields as JSON, from a form's text area",
    two,
    '{"name":"Ann","pay":false}',
    { name: "Ann", pay: false },
  ],
  ["the value of the only field", one, 20, { age: 20 }],
  ["that value as text", one, "20", { age: 20 }],
  ["anything, if there is nothing to fill in", question({}), true, {}],
])("an answer may be %s", (_what, asked, answer, content) => {
  expect(readAnswer(answer, asked)).toEqual({ action: "accept", content });
});

test.each([null, undefined, false, ""])("%s declines", (answer) => {
  expect(readAnswer(answer, two)).toEqual({ action: "decline" });
});

test.each([
  [one, 17, /age: .*18/],
  [one, "old", /age/],
  [two, "Ann", /with these fields, as an object: name, pay/],
  [two, { name: "Ann" }, /pay/],
])("an answer that does not fit is told why", (asked, answer, problem) => {
  expect(readAnswer(answer, asked)).toMatch(problem);
});

test("a long question is cut, and one without a schema takes any answer", () => {
  const asked = toQuestion("s", { message: "x".repeat(10_000) });
  expect(asked.message.length).toBeLessThan(4_100);
  expect(readAnswer("yes", asked)).toEqual({ action: "accept", content: {} });
});
