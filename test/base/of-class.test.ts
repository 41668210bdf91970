import { describe, expect, it } from "vitest";
import { classThatDefines, isOfClass } from "../../src/base/index.js";

/** Each call makes another copy of the same classes, as a second copy of a package does. */
function loadCopy() {
  class Base {
    call() {
      return "base";
    }
  }
  class Special extends Base {
    invoke() {
      return "special";
    }
  }
  return { Base, Special };
}

const ours = loadCopy();
const theirs = loadCopy();

describe("isOfClass", () => {
  it("knows an instance of the same class in another copy, where instanceof does not", () => {
    const foreign = new theirs.Special();
    expect(foreign instanceof ours.Special).toBe(false);
    expect([isOfClass(foreign, ours.Special), isOfClass(foreign, ours.Base)]).toEqual([true, true]);
  });

  it("knows an instance of our own copy", () => {
    expect(isOfClass(new ours.Special(), ours.Base)).toBe(true);
  });

  it("takes neither a parent, nor a class of another name, nor what is no instance", () => {
    class Other {}
    const values = [
      new theirs.Base(),
      new Other(),
      { constructor: ours.Special },
      null,
      undefined,
      "Special",
    ];
    expect(values.map((value) => isOfClass(value, ours.Special))).toEqual(values.map(() => false));
  });
});

describe("classThatDefines", () => {
  it("names the nearest class that has the member", () => {
    class Own extends theirs.Special {
      override call() {
        return "own";
      }
    }
    expect(classThatDefines("call", new theirs.Special())).toBe("Base");
    expect(classThatDefines("call", new Own())).toBe("Own");
    expect(classThatDefines("invoke", new Own())).toBe("Special");
  });

  it("names none for a member of the object itself, or one that nobody has", () => {
    const own = Object.assign(new ours.Special(), { call: () => "own" });
    expect(classThatDefines("call", own)).toBeUndefined();
    expect(classThatDefines("missing", own)).toBeUndefined();
  });
});
