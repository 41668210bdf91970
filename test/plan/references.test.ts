import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../src/base/index.js";
import {
  escapeReferences,
  fillArgs,
  fillReferences,
  findReferences,
  ITEM_VARIABLES,
  referencedIds,
} from "../../src/plan/index.js";
import { isLoneReference, stepReferences } from "../../src/plan/references.js";

const values = new Map<string, JsonValue>([
  ["1", { title: "Tea", items: [{ name: "a" }, { name: "b" }], none: null, deep: { x: 1 } }],
  ["2", "plain"],
  ["3", null],
  ["4", [10, 20]],
  ["5", 7.5],
  ["6", '{"a":1}'],
  ["7", true],
  ["8", {}],
  ["9", []],
]);

const fill = (value: JsonValue) => fillReferences(value, values);

describe("finding references", () => {
  it("looks into every string of lists and objects, but not into keys", () => {
    const value = { a: "{{1}} {{2.x}}", "{{key}}": [{ b: ["{{3}}", 4, null, true] }], c: "none" };
    expect(findReferences(value)).toEqual(["1", "2.x", "3"]);
  });

  it("names each once", () => {
    expect(findReferences(["{{1}}", "{{ 1 }}", "{{1}} {{2}}"])).toEqual(["1", "2"]);
  });

  it("finds none in what holds no text", () => {
    for (const value of [undefined, null, 1, true, [], {}, "", "{{}}", "\\{{1}}"]) {
      expect(findReferences(value)).toEqual([]);
    }
  });

  it("takes a step's description, arguments, forEach and if, and nothing else", () => {
    const step = {
      id: "{{id}}",
      description: "{{1}}",
      tool: "{{tool}}",
      args: { a: "{{2}}" },
      forEach: "{{3}}",
      if: "{{4}}",
      expect: "{{expect}}",
      pitfalls: "{{pitfalls}}",
    };
    expect(stepReferences(step)).toEqual(["1", "2", "3", "4"]);
    expect(stepReferences({})).toEqual([]);
  });

  it("gives the ids that are known, each once", () => {
    const step = { description: "{{1.a}} {{1.b}} {{9}} {{item}}", args: { x: "{{2[0]}}" } };
    expect(referencedIds(step, new Set(["1", "2", "3"]))).toEqual(["1", "2"]);
  });

  it("knows a lone reference", () => {
    expect(isLoneReference("{{1.a}}")).toBe(true);
    expect(isLoneReference(" {{1}} ")).toBe(true);
    expect(isLoneReference("a {{1}}")).toBe(false);
    expect(isLoneReference("1")).toBe(false);
  });

  it("sets item and index apart", () => {
    expect([...ITEM_VARIABLES]).toEqual(["item", "index"]);
  });
});

describe("filling references", () => {
  it.each<[JsonValue, JsonValue]>([
    ["{{1.title}}", "Tea"],
    ["{{ 1.items[1].name }}", "b"],
    ["{{1.items.0}}", { name: "a" }],
    ["{{1.deep}}", { x: 1 }],
    ["{{4}}", [10, 20]],
    ["{{4[0]}}", 10],
    ["{{5}}", 7.5],
    ["{{7}}", true],
    ["{{3}}", null],
    ["{{1.none}}", null],
    ["{{6}}", '{"a":1}'],
    [" {{5}} ", 7.5],
  ])("puts the value itself for a lone reference: %j", (template, expected) => {
    expect(fill(template)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ["Is {{1.title}} hot?", "Is Tea hot?"],
    ["<{{4}}>", "<[10,20]>"],
    ["<{{1.deep}}>", '<{"x":1}>'],
    ["<{{3}}>", "<>"],
    ["<{{5}}{{7}}>", "<7.5true>"],
    ["{{2}}{{2}}", "plainplain"],
    ["\\{{2}} {{2}}", "{{2}} plain"],
    ["\\{{2}}", "{{2}}"],
    ["{{}} {{2", "{{}} {{2"],
    ["", ""],
  ])("makes text of it inside longer text: %j", (template, expected) => {
    expect(fill(template)).toEqual({ ok: true, value: expected });
  });

  it("goes into lists and objects and leaves keys and other values alone", () => {
    const value = { "{{2}}": ["{{5}}", { a: "{{2}}!" }], n: 1, b: false, z: null };
    expect(fill(value)).toEqual({
      ok: true,
      value: { "{{2}}": [7.5, { a: "plain!" }], n: 1, b: false, z: null },
    });
    expect(fillArgs({ a: "{{5}}", b: ["{{2}}"] }, values)).toEqual({
      ok: true,
      value: { a: 7.5, b: ["plain"] },
    });
  });

  it.each<[JsonValue, JsonValue]>([
    ["{{1.items.length}}", 2],
    ["{{4.length}}", 2],
    ["{{2.length}}", 5],
    ["{{9.length}} of {{4.length}}", "0 of 2"],
    ["{{1.output.title}}", "Tea"],
    ["{{1.output.items.length}}", 2],
    ["{{1.output}}", { title: "Tea", items: [{ name: "a" }, { name: "b" }], none: null, deep: { x: 1 } }],
    ["{{2.output}}", "plain"],
    ["{{own.output.title}}", "Coffee"],
    ["{{own.title}}", null],
    ["{{6.a}}", 1],
    ["{{fenced.cities[1]}}", "Porto"],
    ["{{fenced.output.cities.length}}", 2],
    ["{{fenced}}", '```json\n{"cities": ["Hamburg", "Porto"]}\n```'],
  ])("understands what models write of an output: %j", (template, expected) => {
    const more = new Map(values)
      .set("own", { output: { title: "Coffee" }, title: null })
      .set("fenced", '```json\n{"cities": ["Hamburg", "Porto"]}\n```');
    expect(fillReferences(template, more)).toEqual({ ok: true, value: expected });
  });

  it("does not fill what a value brings with it", () => {
    expect(fillReferences("{{1}}{{1}}", new Map([["1", "{{2}}"]]))).toEqual({
      ok: true,
      value: "{{2}}{{2}}",
    });
  });

  it.each([
    ["{{x}}", '"{{x}}" names nothing that has a value here.'],
    [
      "{{1.nope}}",
      '"{{1.nope}}" stops at "{{1}}": it has no "nope": it has "title", "items", "none", "deep".',
    ],
    ["{{1.deep.y}}", '"{{1.deep.y}}" stops at "{{1.deep}}": it has no "y": it has "x".'],
    [
      "{{1.items[2].name}}",
      '"{{1.items[2].name}}" stops at "{{1.items}}": it is a list and has no "2": it has the items 0 to 1.',
    ],
    ["{{9[0]}}", '"{{9[0]}}" stops at "{{9}}": it is a list and has no "0": it is empty.'],
    ["{{8.a}}", '"{{8.a}}" stops at "{{8}}": it has no "a": it is empty.'],
    ["{{2[0]}}", '"{{2[0]}}" stops at "{{2}}": it is text and has no "0".'],
    ["{{6.b}}", '"{{6.b}}" stops at "{{6}}": it has no "b": it has "a".'],
    [
      "{{1.output.nope}}",
      '"{{1.output.nope}}" stops at "{{1}}": it has no "nope": it has "title", "items", "none", "deep".',
    ],
    ["{{5.x}}", '"{{5.x}}" stops at "{{5}}": it is a number and has no "x".'],
    ["{{7.x}}", '"{{7.x}}" stops at "{{7}}": it is a boolean and has no "x".'],
    ["{{1.none.x}}", '"{{1.none.x}}" stops at "{{1.none}}": it is null and has no "x".'],
  ])("says where %j stops", (template, issue) => {
    expect(fill(template)).toEqual({ ok: false, issues: [issue] });
  });

  it.each([
    "{{1.__proto__}}",
    "{{1.constructor}}",
    "{{1.toString}}",
    "{{1.length}}",
    "{{4.map}}",
    "{{4[01]}}",
    "{{4[-1]}}",
    "{{4[1.0]}}",
  ])("never reaches what is not the value's own: %s", (template) => {
    expect(fill(template).ok).toBe(false);
  });

  it("reaches an own key whatever its name", () => {
    const own = new Map<string, JsonValue>([["1", JSON.parse('{"__proto__":1,"length":2}')]]);
    expect(fillReferences(["{{1.__proto__}}", "{{1.length}}"], own)).toEqual({ ok: true, value: [1, 2] });
    const filled = fillReferences(JSON.parse('{"__proto__":{"polluted":"{{1.length}}"}}'), own);
    expect(JSON.stringify(filled)).toBe('{"ok":true,"value":{"__proto__":{"polluted":2}}}');
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("names every reference that fails, each once", () => {
    const filled = fillArgs({ a: "{{x}}", b: ["{{x}} {{y}}"] }, values);
    expect(filled).toEqual({
      ok: false,
      issues: [
        '"{{x}}" names nothing that has a value here.',
        '"{{y}}" names nothing that has a value here.',
      ],
    });
    expect(fill(["{{x}}", "{{x}}"])).toEqual({
      ok: false,
      issues: ['"{{x}}" names nothing that has a value here.'],
    });
  });

  it("shows ten keys at most", () => {
    const wide = (count: number) =>
      new Map([["1", Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]))]]);
    const ten = fillReferences("{{1.x}}", wide(10));
    const eleven = fillReferences("{{1.x}}", wide(11));
    expect(JSON.stringify(ten)).toMatch(/k9[^,]*\."\]/);
    expect(JSON.stringify(eleven)).toContain("and 1 more.");
  });

  it("gives back any value that was referred to by any path", () => {
    const key = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !/["{}]/.test(name));
    fc.assert(
      fc.property(fc.array(key, { maxLength: 5 }), fc.jsonValue(), (path, leaf) => {
        const target: JsonValue = JSON.parse(JSON.stringify(leaf));
        const output = path.reduceRight<JsonValue>(
          (inner, name) => Object.fromEntries([[name, inner]]),
          target,
        );
        const template = `{{1${path.map((name) => `["${name}"]`).join("")}}}`;
        expect(findReferences(template)).toEqual([template.slice(2, -2)]);
        expect(fillReferences(template, new Map([["1", output]]))).toEqual({ ok: true, value: target });
      }),
    );
  });

  it("leaves any value without references as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain: JsonValue = JSON.parse(JSON.stringify(value), (_, part) =>
          typeof part === "string" ? escapeReferences(part) : part,
        );
        expect(fillReferences(plain, new Map())).toEqual({
          ok: true,
          value: JSON.parse(JSON.stringify(value)),
        });
      }),
    );
  });
});
