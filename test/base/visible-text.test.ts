import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  hasHidden,
  toQuoted,
  toVisible,
  toVisibleJson,
  toVisibleName,
  toVisibleText,
  withoutHidden,
} from "../../src/base/index.js";
import { anyText } from "../support/any-text.js";

const hidden = [
  ...[0x00, 0x08, 0x0d, 0x1b, 0x7f, 0x85, 0x9b],
  ...[0xad, 0x61c, 0x200b, 0x200c, 0x200d, 0x200e, 0x202e, 0x2060, 0x2066, 0xfeff, 0xfff9],
  ...[
    0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180e, 0x180f, 0x2065, 0x2800, 0x3164, 0xfe00, 0xfe0f,
    0xffa0,
  ],
  ...[0x2028, 0x2029, 0xa0, 0x1680, 0x2000, 0x200a, 0x202f, 0x205f, 0x3000],
  ...[0xd800, 0xdfff, 0xe000, 0xfdd0, 0xffff],
  ...[0x1d159, 0x1d173, 0xe0001, 0xe0041, 0xe007f, 0xe0100, 0xe01ef, 0xe0fff, 0xf0000, 0x10ffff],
].map((code) => String.fromCodePoint(code));

describe("what cannot be seen", () => {
  it.each(hidden.map((character) => [JSON.stringify(character), character]))(
    "is written out: %s",
    (_, character) => {
      const text = `pay${character}ann`;
      expect(hasHidden(text)).toBe(true);
      expect(toVisible(text)).toMatch(/^pay(?:\\u[0-9a-f]{4}){1,2}ann$/);
      expect(hasHidden(toVisible(text))).toBe(false);
      expect(withoutHidden(text)).toBe("payann");
      expect(toVisibleJson({ [text]: [text] })).toMatch(/^\{"pay\\\S+ann":\["pay\\\S+ann"\]\}$/);
    },
  );

  it("is found in keys and deep inside, and a joined emoji comes apart", () => {
    expect(hasHidden({ a: [{ "b\u00ad": 1 }] })).toBe(true);
    expect(toVisible("👩\u200d🚒")).toBe("👩\\u200d🚒");
  });

  it("is nothing that can be seen, and no layout", () => {
    const text = "Zürich\n\té 漢字 ’…— “x” 👍🏽 {{1}} e\u0301";
    expect(hasHidden({ [text]: [text, 1, null, true] })).toBe(false);
    expect(toVisible(text)).toBe(text);
  });
});

describe("what is shown", () => {
  it("of words stays as it is when it is made visible once more", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(toVisible(toVisible(text))).toBe(toVisible(text));
      }),
      { seed: 8 },
    );
  });

  it("of a value reads back as exactly that value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (given) => {
        const value = JSON.parse(JSON.stringify(given));
        expect(JSON.parse(toVisibleJson(value))).toEqual(value);
        expect(JSON.parse(toVisibleJson(value, 2))).toEqual(value);
        expect(JSON.parse(toQuoted(value))).toEqual(value);
      }),
      { seed: 8 },
    );
  });

  it("of two different texts is never the same", () => {
    const texts = [
      "5",
      5,
      "true",
      true,
      "null",
      null,
      "",
      " ",
      "a",
      "a ",
      " a",
      "a\n",
      "a \nb",
      "a\nb",
      '"a"',
      "[1]",
    ];
    const more = ["a\u200bb", "a\\u200bb", "a\\\u200bb", "a\\\\u200bb", "ab", "{}"];
    const shown = [...texts, ...more].map((value) =>
      typeof value === "string" ? toVisibleText(value) : toVisibleJson(value),
    );
    expect(new Set(shown).size).toBe(shown.length);
  });

  it("of a name is quoted where it is no plain one, and looks like no other", () => {
    expect(["read_file", "1.1", "a b", "a\u200b", "1] x", "x”"].map(toVisibleName)).toEqual([
      "read_file",
      "1.1",
      '"a b"',
      '"a\\u200b"',
      '"1] x"',
      '"x\\u201d"',
    ]);
  });
});
