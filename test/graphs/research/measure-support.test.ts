import { describe, expect, it } from "vitest";
import { measureSupport } from "../../../graphs/research/measure-support.js";
import { isSameQuantity, quantitiesOf } from "../../../graphs/research/quantities.js";

const inTower = (text: string) => ({ text, title: "Towers" });

describe("the support of a claim", () => {
  // Worked out by hand: the content stems of the claim are tower, stand, rock; "on" and "the" are none.
  it.each([
    ["The tower stands on the rock.", "The tower stands on the rock.", 1],
    ["The tower stands on the rock.", "On the rock there stands an old tower of stone.", 1],
    ["The tower stands on the rock.", "The tower was painted. It stands on sand.", 0.667],
    ["The tower stands on the rock.", "Nothing of the kind.", 0.167], // the title has "towers"; halved, for it denies
    ["The tower stands on the rock.", "The tower does not stand on the rock.", 0.5],
  ])("is, for %j and %j, %d", (claim, text, score) => {
    expect(measureSupport(claim, inTower(text)).score).toBe(score);
  });

  // All words are there, so the number alone decides: n of m numbers, times 0.5 where any is missing.
  it.each([
    ["The tower is 31 m high.", "The tower is 31 m high.", 1],
    ["The tower is 31 m high.", "The tower is 31 metres high.", 1],
    ["The tower is 0.031 km high.", "The tower is 3,100 cm high.", 1],
    ["The tower is 31 m high.", "The tower is 13 m high.", 0],
    ["The tower is 31 m high.", "The tower is 31 kg high.", 0],
    ["The tower has two doors and 40 steps.", "The tower has 2 doors and forty steps.", 1],
    ["The tower has two doors and 40 steps.", "The tower has 2 doors and 41 steps.", 0.25],
    ["The tower cost €3 million.", "The tower cost €3,000,000.", 1],
  ])("counts each number: %j in %j is %d", (claim, text, score) => {
    expect(measureSupport(claim, inTower(text)).score).toBe(score);
  });

  it("looks at two sentences in a row, and not across a whole passage", () => {
    const text =
      "The tower was built in 1890. It stands on the rock. Boats pass. Birds rest. Goats graze on grass.";
    expect(measureSupport("The tower, built in 1890, stands on the rock.", inTower(text)).score).toBe(1);
    expect(measureSupport("Goats graze on grass built in 1890.", inTower(text)).score).toBeLessThan(0.5);
  });

  it("gives the sentence that comes nearest, and the numbers that are not there", () => {
    const text = "Birds rest here. The tower is 34 m high. Boats pass.";
    expect(measureSupport("The tower is 31 m high.", inTower(text))).toMatchObject({
      score: 0,
      quote: "The tower is 34 m high.",
      missing: ["31 m"],
    });
  });

  it("is nothing for a passage without a sentence, and for a claim without a word", () => {
    expect(measureSupport("The tower stands.", { text: "---", title: "" }).score).toBe(0);
    expect(measureSupport("It is so.", { text: "It is so.", title: "" }).score).toBe(0);
  });
});

describe("the numbers of a text", () => {
  const read = (text: string) => quantitiesOf(text).map(({ value, unit }) => [value, unit]);
  it.each<[string, [number, string][]]>([
    [
      "1.2 km and 850 m",
      [
        [1200, "m"],
        [850, "m"],
      ],
    ],
    [
      "in 1743, at 42 kW",
      [
        [1743, "year"],
        [42_000, "W"],
      ],
    ],
    ["310,000 crowns", [[310_000, "crown"]]],
    [
      "60 % of it, 18 percent, 5 per cent",
      [
        [60, "%"],
        [18, "%"],
        [5, "%"],
      ],
    ],
    ["£2.5 million", [[2_500_000, "£"]]],
    ["three floors and one door", [[3, "floor"]]],
    ["two hours", [[7200, "s"]]],
    ["room B12, v2 and x86", []],
  ])("are, in %j, %j", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it("are the same where no unit of measurement tells them apart", () => {
    const same = (one: string, other: string) => {
      const [first] = quantitiesOf(one);
      const [second] = quantitiesOf(other);
      return first !== undefined && second !== undefined && isSameQuantity(first, second);
    };
    expect(same("12 keepers", "twelve of them")).toBe(true);
    expect(same("12 m", "12 kg")).toBe(false);
    expect(same("12 m", "1,200 cm")).toBe(true);
    expect(same("12 m", "12.1 m")).toBe(false);
  });
});
