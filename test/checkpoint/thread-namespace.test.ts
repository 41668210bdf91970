import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { threadNamespace } from "../../src/checkpoint/index.js";

describe("a thread's namespace in a store", () => {
  it("leaves an ordinary id readable", () => {
    expect(threadNamespace("0198c2a4-user1")).toEqual(["plan-execute", "0198c2a4-user1!"]);
  });

  it("holds nothing that a store refuses or reads as a pattern, whatever the id", () => {
    for (const id of ["", "user_1", "a:b", "50%", "a.b", "\\", "\ud800", "~", "!", "日本"]) {
      expect(threadNamespace(id)[1]).toMatch(/^[A-Za-z0-9~-]*!$/);
    }
  });

  it("is no other thread's, nor the beginning of another's", () => {
    const id = fc.string({ unit: fc.constantFrom("1", "0", "a", "~", "!", "_", "2", "1!", ":") });
    fc.assert(
      fc.property(id, id, (one, other) => {
        fc.pre(one !== other);
        const [left, right] = [threadNamespace(one).join(":"), threadNamespace(other).join(":")];
        expect(right.startsWith(left)).toBe(false);
      }),
    );
  });
});
