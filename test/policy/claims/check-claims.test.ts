import { describe, expect, it, test } from "vitest";
import { checkClaims, createClaimCheck } from "../../../src/policy/index.js";

const sources = {
  "survey.md": "At spring tide Skerra Mill delivers 42 kW of power. The wheel measures 6.2 metres.",
  "parish.md": "Skerra Mill was built in 1751. Twelve people worked there, and it cost 310,000 crowns.",
  "talk.txt": "The miller said: “We grind in any weather”, and smiled.",
};
const faults = (text: string, threshold?: number) =>
  checkClaims(text, sources, { threshold }).map(({ kind, text: part }) => [kind, part]);

describe("what stands in the sources", () => {
  it.each([
    "Skerra Mill delivers 42 kW [survey.md].",
    "Its wheel is 620 cm wide [survey.md].",
    "Its wheel is 6,200 mm wide, and it was built in 1751 [survey.md] [parish.md].",
    "It cost 0.31 million crowns, and 12 people worked there.",
    '1. The miller says: "We grind in any weather" [talk.txt].',
    "The wheel measures 6.2 metres. [survey.md] It was built in 1751. [parish.md]",
    "“We grind  in *any* weather” is what he said.",
    "One of the two mills is better. See [the survey](survey.md).",
    "",
  ])("has support: %s", (text) => {
    expect(faults(text)).toEqual([]);
  });
});

describe("what does not", () => {
  it.each<[string, string, string]>([
    ["Skerra Mill delivers 68 kW [survey.md].", "number", "68 kW"],
    ["It was built in 1751, which makes = -1751.", "number", "1751"],
    ["Skerra Mill delivers 42 MW [survey.md].", "number", "42 MW"],
    ["Skerra Mill was built in 1743.", "number", "1743"],
    ["It was built in 1751 [survey.md].", "number", "1751"],
    ["Thirteen people worked there [parish.md].", "number", "Thirteen"],
    ["The miller said “We grind in fair weather” [talk.txt].", "quotation", "We grind in fair weather"],
    ["The miller said “We grind in any weather” [survey.md].", "quotation", "We grind in any weather"],
    ["Otters breed there [wildlife.md].", "citation", "wildlife.md"],
  ])("has none: %s", (text, kind, part) => {
    expect(faults(text)).toEqual([[kind, part]]);
  });
});

test("a sentence with other words than its source is found where a threshold is set", () => {
  const text = "Otters breed at the pond of the brewery [survey.md].";
  expect(faults(text)).toEqual([]);
  expect(faults(text, 0.5)).toEqual([["words", "Otters breed at the pond of the brewery  ."]]);
  expect(faults("Skerra Mill delivered power at spring tide [survey.md].", 0.9)).toEqual([]);
});

test("long lines of marks do not take long", () => {
  const marks = ["“", '"', "[a] ", " ", ". [a]", "1,", "9 ", "A. "].map((mark) => mark.repeat(20_000));
  const started = performance.now();
  for (const text of marks) {
    checkClaims(text, { ...sources, marks: text });
  }
  expect(performance.now() - started).toBeLessThan(5_000);
});

test("marks without end on one letter do not take long", () => {
  const text = `a${"\u0301".repeat(25_000)}${"\u0323".repeat(25_000)}`;
  const started = performance.now();
  checkClaims(text, { ...sources, marks: text }, { threshold: 0.5 });
  expect(performance.now() - started).toBeLessThan(5_000);
});

test("names of sources are no names of an object's own members", () => {
  expect(faults("It is so [constructor].")).toEqual([["citation", "constructor"]]);
});

test("a check of outputs says each claim without support, where it stands, and where it was looked for", async () => {
  const check = createClaimCheck((output) => ({ text: String(output), sources }));
  expect(await check("It delivers 42 kW [survey.md].", {}, {})).toBeUndefined();
  expect(await check("It delivers 68 kW [survey.md]. It is 9 years old.", {}, {})).toBe(
    "2 claims have no support: the number “68 kW” does not stand in survey.md (It delivers 68 kW [survey.md].); " +
      "the number “9” does not stand in any source (It is 9 years old.)",
  );
});
