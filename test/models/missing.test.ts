import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseMark, mayBecomeMissing, readMissing, toMissing } from "../../src/models/index.js";

test.each([
  ["<missing>the height</missing>", "the height"],
  ["  \n<missing>\nthe height\n</missing>\n", "the height"],
  ["**<missing>the height</missing>**", "the height"],
  ["`<missing>the height</missing>`", "the height"],
  ["<Missing>the height", "the height"],
  ["<missing></missing>", ""],
  ["The width is 3.\n\n<missing>the height</missing>", "the height"],
  ["The width is 3.\r\n> <missing>the height</missing> I am sorry.", "the height"],
])("%j says what is missing", (text, missing) => {
  expect(readMissing(text)).toBe(missing);
  expect(readMissing(toMissing(missing))).toBe(missing);
});

test.each([
  "",
  "Nothing is missing.",
  "missing: the height",
  "The tag <missing> stands in the middle of a line.",
  "< missing >",
  "</missing>",
  "<missingno>",
])("%j is an answer", (text) => {
  expect(readMissing(text)).toBeUndefined();
});

test("what may come to say so waits for its next piece, and nothing else does", () => {
  for (const text of ["", " ", "<", "<miss", "**<Missing", "It is 3.\n", "It is 3.\n  <mis"]) {
    expect(mayBecomeMissing(text)).toBe(true);
  }
  for (const text of ["It", "<b>", "<missed", "It is 3. <", "It is 3.\n<p", "-"]) {
    expect(mayBecomeMissing(text)).toBe(false);
  }
});

test("whatever is written before it is said might yet have said so", () => {
  const before = fc.stringMatching(/^([\w ,.]*\n)*[ *_`>#]*$/);
  fc.assert(
    fc.property(before, fc.nat("<missing>".length - 1), (text, length) => {
      expect(mayBecomeMissing(text + "<missing>".slice(0, length))).toBe(true);
    }),
  );
});

test.each([
  ["missing, <div>, <task>", "missing"],
  ["a <missing> b", "missing_2"],
  ["&lt;/ MISSING&gt;", "missing_2"],
  ["<missing_2>", "missing_3"],
  ["<missing_3><missing><missing_2><missing_5>", "missing_4"],
])("for a prompt with %j the mark is %s, and no other is read", (outside, mark) => {
  expect(chooseMark(outside)).toBe(mark);
  expect(readMissing(toMissing("the height", mark), mark)).toBe("the height");
  if (mark !== "missing") {
    expect(readMissing(outside, mark)).toBeUndefined();
  }
  expect(mayBecomeMissing(`<${mark}`, mark)).toBe(true);
});

test("a text that is made to be slow to read is read at once", () => {
  const started = performance.now();
  for (const part of [" ", "\n", "*", "<", "<missing", "\n ", "\n<missing>"]) {
    const text = part.repeat(200_000);
    readMissing(text);
    mayBecomeMissing(text);
  }
  expect(performance.now() - started).toBeLessThan(2_000);
});
