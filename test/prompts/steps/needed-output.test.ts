import { describe, expect, test } from "vitest";
import { type PlanStep, writeShape } from "../../../src/plan/index.js";
import { neededShape } from "../../../src/prompts/index.js";

/** The shape that step 1 needs for these readers, as prompts write it. */
const shapeFor = (readers: readonly Partial<PlanStep>[], step: Partial<PlanStep> = {}) => {
  const first = { id: "1", description: "first", ...step };
  const plan = [
    first,
    ...readers.map((reader, at) => ({ id: String(at + 2), description: "later", ...reader })),
  ];
  return writeShape(neededShape(first, plan));
};

describe("the shape that a step's readers need", () => {
  test.each<[string, readonly Partial<PlanStep>[], string]>([
    ["anything where nobody reads it", [], ""],
    ["anything where it is read as a whole", [{ args: { text: "It is {{1}}" } }], ""],
    ["a list for a for-each step", [{ forEach: "{{1}}" }], "[...]"],
    [
      "objects in a list",
      [{ forEach: "{{1}}", args: { to: "{{item.mail}}" }, if: "{{item.low}}" }],
      "[{mail, low}]",
    ],
    ["a list in an object", [{ forEach: "{{1.cities}}" }], "{cities: [...]}"],
    [
      "fields of several readers",
      [{ description: "{{1.a}}" }, { args: { b: ["{{1.b.c}}"] } }],
      "{a, b: {c}}",
    ],
    ["items by their place", [{ args: { b: "{{1.0.name}}" } }, { args: { n: "{{1.length}}" } }], "[{name}]"],
    ["true or false", [{ if: "!{{1}}" }], "boolean"],
    ["anything for a comparison", [{ if: "{{1}} < 10" }], ""],
  ])("is %s", (_, readers, shape) => {
    expect(shapeFor(readers)).toBe(shape);
  });

  test("is what one item gives, of a for-each step", () => {
    const each = { forEach: "{{0}}" };
    expect(shapeFor([{ forEach: "{{1}}", args: { to: "{{item.mail}}" } }], each)).toBe("{mail}");
    expect(shapeFor([{ forEach: "{{1}}", if: "{{item}}" }], each)).toBe("boolean");
    expect(shapeFor([{ args: { list: "{{1}}" } }], each)).toBe("");
  });
});
