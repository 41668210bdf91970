import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprint, hashArgs, stableStringify } from "../../src/base/index.js";
import { copyJson } from "../../src/base/json.js";
import { createNearestName, editDistance } from "../../src/base/nearest-name.js";
import { quote, quoteAll } from "../../src/base/text.js";
import { isPassable, stepKind } from "../../src/plan/index.js";
import { normalizeId, whyNoStepId } from "../../src/plan/references.js";
import { anyText } from "../support/any-text.js";

describe("a fingerprint", () => {
  it.each([
    ["", "cbf29ce484222325"],
    ["a", "af63dc4c8601ec8c"],
    ["foobar", "85944171f73967e8"],
    ["chongo was here!\n", "46810940eff5f915"],
  ])("is FNV-1a with 64 bits: %j", (text, expected) => {
    expect(fingerprint(text)).toBe(expected);
  });

  it("is what the definition says, for any text", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        let hash = 0xcbf29ce484222325n;
        for (const byte of new TextEncoder().encode(text)) {
          hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) % 2n ** 64n;
        }
        expect(fingerprint(text)).toBe(hash.toString(16).padStart(16, "0"));
      }),
    );
  });

  it("of arguments does not depend on the order of keys, but on every value", () => {
    expect(hashArgs({ a: 1, b: { d: [1, 2], c: null } })).toBe(hashArgs({ b: { c: null, d: [1, 2] }, a: 1 }));
    expect(hashArgs({ a: [1, 2] })).not.toBe(hashArgs({ a: [2, 1] }));
    expect(hashArgs({ a: 1 })).not.toBe(hashArgs({ a: "1" }));
    expect(hashArgs({})).toBe(fingerprint("{}"));
    expect(hashArgs(undefined)).toBe(fingerprint(""));
  });
});

describe("the stable text of a value", () => {
  it("is JSON with its keys in order", () => {
    expect(stableStringify({ b: [1, "x", null, true], a: { d: 1, c: {} } })).toBe(
      '{"a":{"c":{},"d":1},"b":[1,"x",null,true]}',
    );
  });

  it("is read back as the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(stableStringify(plain))).toEqual(plain);
      }),
    );
  });
});

describe("the kind of a step", () => {
  it("follows from its tool and its arguments", () => {
    expect(stepKind({ tool: "t", args: {} })).toBe("direct");
    expect(stepKind({ tool: "t" })).toBe("call");
    expect(stepKind({})).toBe("agent");
    expect(stepKind({ args: { a: 1 } })).toBe("agent");
  });
});

describe("a settled step", () => {
  it("can be passed when it is done or its own condition skipped it", () => {
    expect(isPassable({ status: "done" })).toBe(true);
    expect(isPassable({ status: "skipped" })).toBe(true);
    expect(isPassable({ status: "skipped", error: { code: "DEPENDENCY_FAILED", message: "" } })).toBe(false);
    for (const status of ["failed", "blocked", "unexpected", "rejected"] as const) {
      expect(isPassable({ status })).toBe(false);
    }
  });
});

describe("a plain copy", () => {
  it("holds what JSON holds", () => {
    const value = {
      a: [1, "x", null, true, { b: undefined, c: () => 1, d: Symbol("d"), e: Number.NaN }],
      f: undefined,
    };
    expect(copyJson(value)).toEqual({ ok: true, value: { a: [1, "x", null, true, { e: null }] } });
    expect(copyJson([undefined, () => 1, Number.POSITIVE_INFINITY])).toEqual({
      ok: true,
      value: [null, null, null],
    });
    expect(copyJson(undefined)).toEqual({ ok: true, value: null });
  });

  it("keeps __proto__ as a key of its own and changes no prototype", () => {
    const copy = copyJson(JSON.parse('{"__proto__":{"x":1}}'));
    expect(JSON.stringify(copy)).toBe('{"ok":true,"value":{"__proto__":{"x":1}}}');
  });

  it("is refused where the value is too deep", () => {
    const nested = (levels: number): unknown => {
      let value: unknown = 1;
      for (let level = 0; level < levels; level += 1) {
        value = [value];
      }
      return value;
    };
    expect(copyJson(nested(100)).ok).toBe(true);
    expect(copyJson(nested(101))).toEqual({ ok: false, reason: "it is nested deeper than 100 levels" });
    const cyclic: unknown[] = [];
    cyclic.push({ cyclic }, { cyclic });
    expect(copyJson(cyclic)).toEqual({ ok: false, reason: "it is nested deeper than 100 levels" });
  });

  it("is refused where the value is too large", () => {
    expect(copyJson(Array(999_999).fill(1)).ok).toBe(true);
    expect(copyJson(Array(1_000_000).fill(1))).toEqual({
      ok: false,
      reason: "it holds more than 1000000 values",
    });
  });

  it("is refused where reading throws, whatever is thrown", () => {
    const hostile = {
      get steps() {
        throw "no error";
      },
    };
    expect(copyJson(hostile)).toEqual({ ok: false, reason: "reading it failed" });
    expect(copyJson({ a: 1n })).toEqual({ ok: false, reason: "it holds a bigint, which JSON cannot" });
  });
});

describe("the nearest name", () => {
  const nearest = createNearestName();

  it.each([
    ["web_serch", ["fetch", "web_search"], "web_search"],
    ["WEB_SEARCH", ["fetch", "web_search"], "web_search"],
    ["abc", ["abd", "abe"], "abd"],
    ["abc", ["axd"], undefined],
    ["ab", ["ac"], undefined],
    ["ab", ["AB"], "AB"],
    ["abcdef", ["abxyef"], "abxyef"],
    ["abcdef", ["axyzef"], undefined],
    ["abcdef", ["abcxyf", "abcdex"], "abcdex"],
    ["x", [], undefined],
  ])("of %j among %j is %j", (name, candidates, expected) => {
    expect(nearest(name, candidates)).toBe(expected);
  });

  it("is looked for a limited number of times", () => {
    const limited = createNearestName(2);
    expect(limited("abc", ["abc"])).toBe("abc");
    expect(limited("abc", ["abc"])).toBe("abc");
    expect(limited("abc", ["abc"])).toBeUndefined();
  });

  it("is looked for among the first 200, by their first 64 characters", () => {
    const others = (count: number) => Array.from({ length: count }, () => "zzzzzzzzzz");
    expect(nearest("wanted", [...others(199), "wanted"])).toBe("wanted");
    expect(nearest("wanted", [...others(200), "wanted"])).toBeUndefined();
    expect(nearest("a".repeat(100), [`${"a".repeat(64)}${"b".repeat(50)}`])).toMatch(/^a+b+$/);
  });

  it.each([
    ["", "", 0],
    ["a", "", 1],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["flaw", "lawn", 2],
    ["same", "same", 0],
  ])("counts edits: %j to %j", (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
    expect(editDistance(other, one)).toBe(distance);
  });
});

describe("a foreign text in a message", () => {
  it("is quoted, on one line and cut at 80 characters", () => {
    expect(quote('a\n"b"')).toBe('"a\\n\\"b\\""');
    expect(quote("a".repeat(80))).toBe(`"${"a".repeat(80)}"`);
    expect(quote("a".repeat(81))).toBe(`"${"a".repeat(80)}…"`);
  });

  it("stands beside twenty others at most", () => {
    const names = Array.from({ length: 21 }, (_, index) => `n${index}`);
    expect(quoteAll(names.slice(0, 2))).toBe('"n0", "n1"');
    expect(quoteAll(names.slice(0, 20))).toMatch(/"n19"$/);
    expect(quoteAll(names)).toMatch(/"n19" and 1 more$/);
    expect(quoteAll(names, 1)).toBe('"n0" and 20 more');
  });
});

describe("a step's id", () => {
  it.each([
    "1",
    "a",
    "fetch_data",
    "1.1",
    "3a",
    "Image Search (by Image)",
    "Text-to-Image",
    "$x",
    "items",
    "index2",
    "my.item",
    "é",
    "a".repeat(64),
  ])("may be %j", (id) => {
    expect(whyNoStepId(id)).toBeUndefined();
  });

  it.each([
    ["", "it is empty"],
    ["  ", "it is empty"],
    ["a".repeat(65), "it is longer than 64 characters"],
    [" a", "it begins or ends with a blank"],
    ["a ", "it begins or ends with a blank"],
    ["a{", "it holds a brace, a bracket or a control character"],
    ["a}b", "it holds a brace, a bracket or a control character"],
    ["a[0]", "it holds a brace, a bracket or a control character"],
    ["a]", "it holds a brace, a bracket or a control character"],
    ["a\nb", "it holds a brace, a bracket or a control character"],
    ["a\u0000", "it holds a brace, a bracket or a control character"],
    ["item", "item and index stand for the items of a forEach"],
    ["Index", "item and index stand for the items of a forEach"],
    ["item.1", "item and index stand for the items of a forEach"],
  ])("may not be %j", (id, reason) => {
    expect(whyNoStepId(id)).toBe(reason);
  });

  it("is compared without case and blanks", () => {
    expect(normalizeId(" Fetch  Data\t")).toBe("fetchdata");
  });
});
