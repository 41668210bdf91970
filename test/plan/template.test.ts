import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillReferences } from "../../src/plan/fill-references.js";
import {
  escapeReferences,
  loneExpression,
  parseTemplate,
  rewriteReferences,
  splitReference,
} from "../../src/plan/references.js";

const text = (value: string) => ({ kind: "text", text: value });
const reference = (expression: string) => ({ kind: "reference", expression });

describe("a text with references", () => {
  it.each([
    ["", []],
    ["plain", [text("plain")]],
    ["{{1}}", [reference("1")]],
    ["{{ 1.a }}", [reference("1.a")]],
    ["a {{1}} b {{2}}", [text("a "), reference("1"), text(" b "), reference("2")]],
    ["{{1}}{{2}}", [reference("1"), reference("2")]],
    ["{{}}", [text("{{}}")]],
    ["{{  }}x", [text("{{  }}x")]],
    ["{{1", [text("{{1")]],
    ["1}}", [text("1}}")]],
    ["{1}", [text("{1}")]],
    ["{{a{b}}", [text("{{a{b}}")]],
    ["{{1}", [text("{{1}")]],
    ['{"a":{{1}}}', [text('{"a":'), reference("1"), text("}")]],
    ["{{{1}}}", [text("{"), reference("1"), text("}")]],
    ["\\{{1}}", [text("{{1}}")]],
    ["a\\{{b", [text("a{{b")]],
    ["\\{{1}} {{2}}", [text("{{1}} "), reference("2")]],
  ])("is taken apart: %j", (template, parts) => {
    expect(parseTemplate(template)).toEqual(parts);
  });

  it("keeps everything but the reference when the reference is rewritten", () => {
    const rewritten = rewriteReferences(
      "a {{ 1.x }} \\{{1}} {{}} {{ }} {{1",
      (expression) => `<${expression}>`,
    );
    expect(rewritten).toBe("a {{<1.x>}} \\{{1}} {{}} {{ }} {{1");
  });

  it("comes out as it was when it was escaped", () => {
    const braced = fc.array(fc.constantFrom("{", "}", "{{", "}}", "1", " ", "\\", "a"), { maxLength: 30 });
    fc.assert(
      fc.property(braced, (pieces) => {
        const plain = pieces.join("");
        expect(fillReferences(escapeReferences(plain), new Map([["1", "X"]]))).toEqual({
          ok: true,
          value: plain,
        });
      }),
    );
  });
});

describe("a lone reference", () => {
  it.each([
    ["{{1}}", "1"],
    [" {{ 1.a[0] }}\n", "1.a[0]"],
    ["{{1}}.", undefined],
    ["x{{1}}", undefined],
    ["{{1}}{{2}}", undefined],
    ["\\{{1}}", undefined],
    ["{{}}", undefined],
    ["1", undefined],
    ["", undefined],
  ])("is told from what is more or less: %j", (template, expression) => {
    expect(loneExpression(template)).toBe(expression);
  });
});

describe("the id and the path of a reference", () => {
  const ids = new Set(["1", "1.1", "1.1.1", "Image Search (by Image)", "a-b", "constructor"]);

  it.each([
    ["1", { id: "1", path: [] }],
    ["1.title", { id: "1", path: ["title"] }],
    ["1.1", { id: "1.1", path: [] }],
    ["1.1.title", { id: "1.1", path: ["title"] }],
    ["1.1.1.1", { id: "1.1.1", path: ["1"] }],
    ["1.2", { id: "1", path: ["2"] }],
    ["1[0].name", { id: "1", path: ["0", "name"] }],
    ["1.a[0][12]", { id: "1", path: ["a", "0", "12"] }],
    ['1["a.b"].c', { id: "1", path: ["a.b", "c"] }],
    ["1['a]b']", { id: "1", path: ["a]b"] }],
    ['1[""]', { id: "1", path: [""] }],
    ["1[name]", { id: "1", path: ["name"] }],
    ["1.Exchange Rate", { id: "1", path: ["Exchange Rate"] }],
    ["Image Search (by Image).url", { id: "Image Search (by Image)", path: ["url"] }],
    ["a-b", { id: "a-b", path: [] }],
    ["constructor.x", { id: "constructor", path: ["x"] }],
    ["2", undefined],
    ["11", undefined],
    ["1x", undefined],
    ["1.", undefined],
    ["1..a", undefined],
    ["1[", undefined],
    ["1[]", undefined],
    ["1[0", undefined],
    ["1.a]", undefined],
    ["1[0]x", undefined],
    [".a", undefined],
    ["", undefined],
  ])("are told apart with the longest id that fits: %j", (expression, target) => {
    expect(splitReference(expression, ids)).toEqual(target);
  });

  it("are found for ids of up to 64 characters", () => {
    const longest = "a".repeat(64);
    expect(splitReference(`${longest}.x`, new Set([longest]))).toEqual({ id: longest, path: ["x"] });
    expect(splitReference(`${longest}a.x`, new Set([`${longest}a`]))).toBeUndefined();
  });
});
