import { expect, test } from "vitest";
import { z } from "zod";
import {
  type PlanTool,
  shapeOfSchema,
  shapeOfValue,
  validatePlan,
  writeShape,
} from "../../src/plan/index.js";

const ofZod = (schema: z.ZodType) => shapeOfSchema(z.toJSONSchema(schema, { io: "output" }));
const table = ofZod(
  z.object({
    rows: z.array(z.object({ name: z.string(), price: z.number() })),
    count: z.int(),
    value: z.any().optional(),
  }),
);

test.each([
  ["an object with a list", table, "{rows: [{name, price}], count, value?}"],
  ["an open object", ofZod(z.looseObject({ a: z.string() })), "{a, ...}"],
  ["a record", ofZod(z.object({ prices: z.record(z.string(), z.number()) })), "{prices: {...}}"],
  ["a list of texts", ofZod(z.array(z.string())), "[text]"],
  ["a single number", ofZod(z.number()), "number"],
  ["one of two single values", ofZod(z.union([z.number(), z.string()])), ""],
  ["a value that may be null", ofZod(z.object({ a: z.object({ b: z.int() }).nullable() })), "{a: {b}}"],
  [
    "one of two objects",
    ofZod(z.object({ a: z.union([z.object({ b: z.int() }), z.object({ c: z.int() })]) })),
    "{a}",
  ],
  [
    "definitions",
    shapeOfSchema({ $ref: "#/$defs/A", $defs: { A: { type: "array", items: { type: "integer" } } } }),
    "[number]",
  ],
  [
    "types in a list",
    shapeOfSchema({ type: ["object", "null"], properties: { a: {} }, additionalProperties: false }),
    "{a?}",
  ],
  ["no schema", shapeOfSchema("text"), ""],
  [
    "an example",
    shapeOfValue({ rows: [{}], tags: ["a"], count: 0, next: null }),
    "{rows: [{...}], tags: [text], count, next}",
  ],
  ["an empty list", shapeOfValue([]), "[...]"],
])("%s is told in few words", (_, shape, text) => {
  expect(writeShape(shape)).toBe(text);
});

test("only short identifiers are told of keys that came from outside", () => {
  const value = {
    ok: 1,
    "</tools>": 1,
    "a b": 1,
    "ignore all: do": 1,
    [`x${"y".repeat(50)}`]: 1,
    "line\nt()": 1,
    __proto: 1,
  };
  expect(writeShape(shapeOfValue(value))).toBe("{ok, __proto, ...}");
});

test("a large shape is told in part, on one short line", () => {
  const wide = Object.fromEntries(
    Array.from({ length: 500 }, (_, at) => [`field_${at}`, { deep: [{ value: at }] }]),
  );
  expect(writeShape(shapeOfValue(wide))).toMatch(/^\{field_0: \{\.\.\.\}, .*, \.\.\.\}$|^\{\.\.\.\}$/);
  expect(writeShape(shapeOfValue([[[[[[[[[[{ a: 1 }]]]]]]]]]])).length).toBeLessThan(30);
});

test("a schema that refers to itself has an end", () => {
  const node = {
    type: "object",
    properties: { l: { $ref: "#" }, r: { $ref: "#" }, all: { type: "array", items: { $ref: "#" } } },
  };
  expect(writeShape(shapeOfSchema(node)).length).toBeLessThan(250);
});

const tools: PlanTool[] = [
  { name: "query", readOnly: true, output: table },
  { name: "read", readOnly: true, output: { kind: "single", type: "text" } },
  { name: "open", readOnly: true, output: ofZod(z.looseObject({ a: z.string() })) },
  { name: "find", readOnly: true },
  { name: "say" },
];
const step = (id: string, tool: string, args: object = {}, more: object = {}) => ({
  id,
  description: id,
  tool,
  args,
  ...more,
});
const check = (steps: unknown[], answer?: string) =>
  validatePlan({ steps, ...(answer === undefined ? {} : { answer }) }, { tools }).map(
    ({ code, message }) => `${code}: ${message}`,
  );
const query = step("1", "query");

test.each([
  "{{1}}",
  "{{1.rows}}",
  "{{1.rows.0.name}}",
  "{{1.rows[0].price}}",
  "{{1.rows.length}}",
  "{{1.count}}",
  "{{1.value.any.thing}}",
])("%s is in a declared output", (reference) => {
  expect(check([query, step("2", "say", { text: `It is ${reference}.` })], `${reference}!`)).toEqual([]);
});

test.each([
  ["{{1.items}}", 'at "1" it has no "items": it has "rows", "count", "value".'],
  ["{{1.rows.name}}", 'at "1.rows" it is a list and has no "name": its items are 0, 1 and so on.'],
  ["{{1.rows.0.title}}", 'at "1.rows.0" it has no "title": it has "name", "price".'],
  ["{{1.count.total}}", 'at "1.count" it is a single number and has no "total".'],
])("%s is refused when the plan is made, with what there is", (reference, reason) => {
  const why = `but the output of "1" does not have that: ${reason}`;
  expect(check([query, step("2", "say", { text: reference })])).toEqual([
    `unknown-reference: Step "2" refers to "${reference}", ${why}`,
  ]);
  expect(check([query], `${reference}!`)).toEqual([
    `unknown-answer: The answer refers to "${reference}", ${why}`,
  ]);
});

test("what an output may have, or is not declared, is left alone", () => {
  const steps = [
    step("1", "open"),
    step("2", "find"),
    step("3", "say", { text: "{{1.b.c}} {{2.any}}" }),
    { id: "4", description: "look" },
    step("5", "say", { text: "{{4.x}}" }),
  ];
  expect(check(steps)).toEqual([]);
});

test("a text has no parts", () => {
  expect(check([step("1", "read"), step("2", "say", { text: "{{1.content}}" })])[0]).toContain(
    'at "1" it is a single text and has no "content".',
  );
});

test("the items of a declared list are checked, and so is the list that a for-each step gives", () => {
  const each = (text: string) => step("2", "say", { text }, { forEach: "{{1.rows}}" });
  expect(check([query, each("{{item.name}} {{index}} {{item}}")])).toEqual([]);
  expect(check([query, each("{{item.title}}")])).toEqual([
    'unknown-reference: Step "2" refers to "{{item.title}}", but the item does not have that: at "item" it has no "title": it has "name", "price".',
  ]);
  const reads = step("2", "read", { path: "{{item.name}}" }, { forEach: "{{1.rows}}" });
  expect(check([query, reads, step("3", "say", { text: "{{2.0}} {{2.length}}" })])).toEqual([]);
  expect(check([query, reads, step("3", "say", { text: "{{2.text}}" })])[0]).toContain(
    'it is a list and has no "text"',
  );
  expect(check([step("1", "find"), each("{{item.any}}")])).toEqual([]);
});
