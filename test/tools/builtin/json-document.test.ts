import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJsonDocument } from "../../../src/tools/builtin/tables/json-document.js";
import { atOnce } from "../../support/at-once.js";

const read = (text: string) => atOnce(parseJsonDocument(text, "d.json"));
const outcomeOf = (parse: () => unknown) => {
  try {
    return { value: parse() };
  } catch {
    return "refused";
  }
};

/** Documents that are parsed part by part: long lists, long objects, long texts, one in the other. */
const large = fc
  .record({
    value: fc.jsonValue({ maxDepth: 3 }),
    count: fc.integer({ min: 300, max: 3_000 }),
    indent: fc.nat(2),
  })
  .map(({ value, count, indent }) => {
    const list = Array.from({ length: count }, (_, index) => (index % 7 === 0 ? value : index));
    const object = Object.fromEntries(list.map((item, index) => [`key ${index}`, item]));
    const document = { list, object, inner: [[{ text: `"${"\\x".repeat(20_000)}` }, list], value] };
    return JSON.stringify(document, null, indent);
  });

describe("a large JSON document", () => {
  it("is read as JSON.parse reads it, and paused for", () => {
    fc.assert(
      fc.property(large, (text) => {
        expect(read(text)).toEqual(JSON.parse(text));
        expect([...parseJsonDocument(text, "d.json")].length).toBeGreaterThan(text.length / 16_384);
      }),
      { numRuns: 30 },
    );
  });

  it("that is broken in one place is refused where JSON.parse refuses it", () => {
    const places = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      put: fc.constantFrom("", ",", ":", "[", "]", "{", "}", '"', " ", "1", "\u00a0"),
    });
    fc.assert(
      fc.property(large, places, (text, { at, put }) => {
        const index = Math.floor(at * text.length);
        const broken = text.slice(0, index) + put + text.slice(index + 1);
        expect(outcomeOf(() => read(broken))).toEqual(outcomeOf(() => JSON.parse(broken)));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["a comma at the end", (big: string) => `[${big},]`],
    ["a comma at the beginning", (big: string) => `[,${big}]`],
    ["two commas", (big: string) => `[${big},,${big}]`],
    ["a key without a value", (big: string) => `{"a":${big},"b"}`],
    ["a value without a key", (big: string) => `{${big}}`],
    ["a key that is no text", (big: string) => `{1:${big}}`],
    ["another bracket at the end", (big: string) => `[${big}}`],
    ["no bracket at the end", (big: string) => `[${big}`],
    ["a second document", (big: string) => `[${big}] [${big}]`],
  ])("is refused with %s", (_what, write) => {
    const big = JSON.stringify("x".repeat(40_000));
    for (const inner of [big, `[${big}]`, `{"a":${big}}`]) {
      expect(() => JSON.parse(write(inner))).toThrow(SyntaxError);
      expect(() => read(write(inner))).toThrow('"d.json" is no JSON document');
    }
  });

  it("may be empty, and have a key named __proto__", () => {
    const blanks = " ".repeat(40_000);
    expect(read(`[${blanks}]`)).toEqual([]);
    expect(read(`${blanks}{${blanks}}${blanks}`)).toEqual({});
    const text = `{"__proto__":{"x":1},"big":"${"y".repeat(40_000)}","__proto__":["${"z".repeat(40_000)}"]}`;
    expect(JSON.stringify(read(text))).toBe(JSON.stringify(JSON.parse(text)));
    expect("x" in {}).toBe(false);
  });
});
