import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText } from "../../src/base/index.js";
import { toJson } from "../../src/tools/to-json.js";

const limits = { maxBytes: 10_000 };
const json = (value: unknown, maxBytes = 10_000) => toJson(value, { maxBytes }).value;
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value), "utf8");

describe("toJson", () => {
  it("leaves what is JSON as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const clean = JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto"));
        expect(toJson(clean, { maxBytes: 1e6 })).toEqual({ value: clean, truncated: false });
      }),
    );
  });

  it("never throws, stays within its limit, and gives what JSON.stringify takes", () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withUnicodeString: true,
      maxDepth: 5,
    });
    fc.assert(
      fc.property(anything, fc.integer({ min: 0, max: 3_000 }), (value, maxBytes) => {
        const result = toJson(value, { maxBytes });
        expect(JSON.parse(JSON.stringify(result.value))).toEqual(result.value);
        expect(bytesOf(result.value)).toBeLessThanOrEqual(Math.max(256, maxBytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it("writes dates, big numbers, maps, sets and errors as JSON can hold them", () => {
    expect(json(new Date("2024-02-29T12:00:00Z"))).toBe("2024-02-29T12:00:00.000Z");
    expect(json(new Date(Number.NaN))).toBe(null);
    expect(json({ big: 2n ** 70n })).toEqual({ big: "1180591620717411303424" });
    expect(json(new Map<unknown, unknown>([["a", 1], [2, new Set([1, "x"])]]))).toEqual({ a: 1, 2: [1, "x"] }); // biome-ignore format: short
    expect(json(new TypeError("no"))).toEqual({ name: "TypeError", message: "no" });
    expect(json([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0])).toEqual([
      "NaN",
      "Infinity",
      "-Infinity",
      0,
    ]);
  });

  it("drops undefined, functions and symbols from objects and keeps their places in lists", () => {
    const nothing = [undefined, () => 1, Symbol("s")];
    expect(json({ a: undefined, b: () => 1, c: Symbol("s"), d: 1 })).toEqual({ d: 1 });
    expect(json(nothing)).toEqual([null, null, null]);
    expect(nothing.map((value) => json(value))).toEqual([null, null, null]);
  });

  it("says where a cycle closes, and takes a value that only occurs twice as no cycle", () => {
    const node: { name: string; self?: unknown } = { name: "n" };
    node.self = { back: [node] };
    expect(json(node)).toEqual({ name: "n", self: { back: ["[circular]"] } });
    const shared = { x: 1 };
    expect(json([shared, shared])).toEqual([{ x: 1 }, { x: 1 }]);
  });

  it("survives getters, toJSON, proxies and messages that throw", () => {
    const hostile = {
      get bad() {
        throw new Error("boom");
      },
      toJSON: undefined,
      fine: 1,
      worse: {
        toJSON() {
          throw new Error("no");
        },
      },
      proxy: new Proxy({}, { ownKeys: () => { throw "text"; } }), // biome-ignore format: short
      error: Object.defineProperty(new Error("x"), "message", { get: () => { throw undefined; } }), // biome-ignore format: short
    };
    expect(json(hostile)).toEqual({
      bad: "[unreadable: boom]",
      fine: 1,
      worse: "[unreadable: no]",
      proxy: "[unreadable: text]",
      error: "[unreadable: undefined]",
    });
  });

  it("honours toJSON", () => {
    expect(json({ at: new URL("https://example.com/a") })).toEqual({ at: "https://example.com/a" });
    expect(json({ toJSON: () => ({ a: new Date(0) }) })).toEqual({ a: "1970-01-01T00:00:00.000Z" });
  });

  it("leaves __proto__ out and touches no prototype", () => {
    const value = toJson(JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}'), limits).value;
    expect(Object.entries(value ?? {})).toEqual([["constructor", 1]]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it("writes bytes as base64 and cuts them where they can still be decoded", () => {
    expect(json(Buffer.from("hello"))).toEqual({ type: "base64", bytes: 5, data: "aGVsbG8=" });
    expect(json(new SharedArrayBuffer(2))).toEqual({ type: "base64", bytes: 2, data: "AAA=" });
    expect(json(new Uint16Array([1, 2]))).toEqual({ type: "base64", bytes: 4, data: "AQACAA==" });
    const { value, truncated } = toJson(Buffer.alloc(50_000_000, "ab"), limits);
    expect(truncated).toBe(true);
    expect(value).toMatchObject({ type: "base64", bytes: 50_000_000 });
    const { kept, data } = value as { kept: number; data: string };
    expect(Buffer.from(data, "base64").length).toBe(kept);
    expect(bytesOf(value)).toBeLessThanOrEqual(10_000);
  });

  it("cuts a text of 50 MB and says how much of it is left", () => {
    const { value, truncated } = toJson("é".repeat(25_000_000), limits);
    expect(truncated).toBe(true);
    expect(value).toMatch(/^é+… \[cut: \d+ of 50000000 bytes kept\]$/);
    expect(bytesOf(value)).toBeLessThanOrEqual(10_000);
  });

  it("keeps the first elements of a long list and the first entries of a large object", () => {
    const list = toJson(
      Array.from({ length: 100_000 }, (_, index) => ({ index })),
      limits,
    );
    const items = list.value as unknown[];
    expect(list.truncated).toBe(true);
    expect(items[0]).toEqual({ index: 0 });
    expect(items.at(-1)).toBe(`… [cut: ${items.length - 1} of 100000 items kept]`);
    const object = toJson(Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i])), limits);
    expect(object.value).toMatchObject({ k0: 0, "…": expect.stringMatching(/of 5000 entries kept/) });
  });

  it("takes no longer for a value that unfolds to 2^100 than its limit allows", () => {
    let value: unknown = "leaf";
    for (let level = 0; level < 100; level += 1) {
      value = { a: value, b: value };
    }
    expect(bytesOf(json(value))).toBeLessThanOrEqual(10_000);
    expect(bytesOf(json(new Array(4_000_000_000)))).toBeLessThanOrEqual(10_000);
  });

  it("stops at a depth of 100", () => {
    let value: unknown = 1;
    for (let level = 0; level < 5_000; level += 1) {
      value = [value];
    }
    const result = toJson(value, { maxBytes: 1e6 });
    expect(result.truncated).toBe(true);
    expect(JSON.stringify(result.value)).toContain("[nested too deeply]");
  });
});

describe("cutText", () => {
  it("leaves a text that fits as it is", () => {
    expect(cutText("žlu", 4)).toBe("žlu");
    expect(cutText("abc", 3)).toBe("abc");
  });

  it("never splits a character and never goes over its limit", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 30, maxLength: 300, size: "max" }),
        fc.integer({ min: 60, max: 400 }),
        (text, max) => {
          const cut = cutText(text, max);
          expect(Buffer.byteLength(cut, "utf8")).toBeLessThanOrEqual(max);
          expect(Buffer.from(cut, "utf8").toString("utf8")).toBe(cut);
          if (Buffer.byteLength(text, "utf8") > max) {
            expect(cut).toMatch(/… \[cut: \d+ of \d+ bytes kept\]$/);
          } else {
            expect(cut).toBe(text);
          }
        },
      ),
    );
  });
});
