import { describe, expect, it } from "vitest";
import { toComposed } from "../../src/base/index.js";

describe("a composed text", () => {
  it("is the same however its letters were written", () => {
    expect(toComposed("Cafe\u0301 a\u0301\u0323")).toBe("Café \u1ea1\u0301");
    expect(toComposed("\u1112\u1161\u11ab")).toBe("한");
    expect(toComposed("plain")).toBe("plain");
  });

  it("is left as it is where no language has so many marks, which would take seconds", () => {
    const marks = "\u0301".repeat(25_000) + "\u0323".repeat(25_000);
    const began = performance.now();
    expect(toComposed(`e\u0301 a${marks}`)).toBe(`e\u0301 a${marks}`);
    expect(toComposed(`e\u0301${"\u0301".repeat(29)}`)).toBe(`é${"\u0301".repeat(29)}`);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
