import { expect, test } from "vitest";
import type { JsonValue } from "../../src/base/index.js";
import type { StepResult } from "../../src/plan/index.js";
import { toTaskMessage } from "../../src/prompts/index.js";
import { readSection } from "../support/read-section.js";
import { linesOf, past } from "./past-steps.js";

const outputs: Record<string, JsonValue> = {
  "1": { rows: [{ name: "Ann", age: 3 }, { name: "Bob" }], "any key": 1 },
  "2.1": ["x"],
};

function promptOf(description: string, { cut = (text: string) => text, item = null as JsonValue } = {}) {
  const inputs: StepResult[] = Object.entries(outputs).map(([id, output]) => past(id, { output }));
  const values = new Map<string, JsonValue>(Object.entries(outputs)).set("item", item).set("index", 4);
  return toTaskMessage({ goal: "g", step: { description }, inputs, values, cut }).text;
}

test.each([
  ["Sum up {{1}}.", "Sum up (output of step 1)."],
  ["{{1.rows.0.name}}", "(output of step 1, rows.0.name)"],
  ['{{ 1["any key"] }} and {{2.1[0]}}', '(output of step 1, ["any key"]) and (output of step 2.1, [0])'],
  ["{{item}}, {{item.name}}, number {{index}}", "(the item), (the item, name), number 4"],
  ["\\{{1}} and {{}} and {{other}}", "{{1}} and {{}} and {{other}}"],
])("the task %j reads %j: the plan's words, and where the values stand", (description, task) => {
  expect(readSection("task", promptOf(description))).toBe(task);
});

test("a value stands once, among the inputs", () => {
  const text = promptOf("Greet {{1.rows.0.name}} and {{1.rows.1.name}}");
  expect(text.match(/Ann|Bob/g)).toEqual(["Ann", "Bob"]);
  expect(linesOf("inputs", text)).toMatchObject([
    { id: "1", output: outputs["1"] },
    { id: "2.1", output: ["x"] },
  ]);
});

test("of an output that is cut, the parts that the task speaks of are shown too, and are cut alike", () => {
  const cut = (text: string) => (text.length > 30 ? `${text.slice(0, 30)}…` : text);
  const [first, second] = linesOf("inputs", promptOf("Greet {{1.rows.1.name}} {{2.1.0}}", { cut }));
  expect(first).toEqual({
    id: "1",
    description: "step 1",
    output: '{"rows":[{"name":"Ann","age":3…',
    parts: { "1.rows.1.name": "Bob" },
  });
  expect(second).toEqual({ id: "2.1", description: "step 2.1", output: ["x"] });
  const [long] = linesOf("inputs", promptOf("{{1.rows.0}} {{1.rows.1}} {{1}}", { cut }));
  expect(long).toMatchObject({ parts: '{"1.rows.0":{"name":"Ann","age…' });
  const [whole] = linesOf("inputs", promptOf("{{1}}", { cut }));
  expect(whole).not.toHaveProperty("parts");
});
