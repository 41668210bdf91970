import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStepScanner } from "../../src/plan/index.js";

const read = (text: string, cuts: readonly number[] = []) => {
  const scanner = createStepScanner();
  const ends = [...cuts, text.length].sort((one, other) => one - other);
  return ends.flatMap((end, index) => [...scanner.push(text.slice(ends[index - 1] ?? 0, end))]);
};

describe("steps that are still being written", () => {
  it("come as soon as each is complete, and not before", () => {
    const scanner = createStepScanner();
    expect(scanner.push('{"steps":[{"tool":"a","args":{"x":"}]"}')).toEqual([]);
    expect(scanner.push("}")).toEqual([{ tool: "a", args: { x: "}]" } }]);
    expect(scanner.push(', "in words"')).toEqual(["in words"]);
    expect(scanner.push(',{"tool":"b"},')).toEqual([{ tool: "b" }]);
    expect(scanner.push('{"tool":"c"')).toEqual([]);
    expect(scanner.push('}],"answer":"2"}')).toEqual([{ tool: "c" }]);
  });

  it("are those of the plan, whatever else has lists and strings in it", () => {
    expect(read('{"goal":"steps","notes":[{"steps":[1]}],"steps":[{"id":"1"}],"more":[{"id":"2"}]}')).toEqual(
      [{ id: "1" }],
    );
  });

  it("are no more where the text is no JSON", () => {
    expect(read('{"steps":[{"id":"1"},{id:2},{"id":"3"}]}')).toEqual([{ id: "1" }]);
    expect(read("no JSON at all [ {")).toEqual([]);
  });

  it("are the same however the text is cut", () => {
    const step = fc.oneof(
      fc.string(),
      fc.record({ tool: fc.string(), args: fc.dictionary(fc.string(), fc.jsonValue()) }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 5 }),
        fc.array(fc.nat(200), { maxLength: 20 }),
        fc.boolean(),
        (steps, cuts, isPretty) => {
          const text = JSON.stringify({ answer: "1", steps }, null, isPretty ? 2 : 0);
          const within = cuts.filter((cut) => cut <= text.length);
          const back: unknown = JSON.parse(JSON.stringify(steps));
          expect(read(text, within)).toEqual(back);
        },
      ),
    );
  });
});
