import fc from "fast-check";
import { expect, test } from "vitest";
import {
  chooseMarks,
  MarkFilter,
  readMissing,
  readReached,
  toMissing,
  toReached,
} from "../../src/models/index.js";

const MARKS = { missing: "missing", reached: "reached" };

/** What a person sees of an answer that comes in these pieces: piece by piece, and the rest at its end. */
function shown(pieces: readonly string[], marks = MARKS): string[] {
  const filter = new MarkFilter(marks);
  return [...pieces.map((piece) => filter.push(piece)), filter.end()];
}

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
  for (const text of ["", " ", "<", "<miss", "**<Missing", "<reached>", "<Reached>yes</reac"]) {
    expect(shown([text])).toEqual(["", text.startsWith("<Reached>") ? text : text.replace("<reached>", "")]);
    expect(shown([`It is 3.\n${text}`])[0]).toBe("It is 3.\n");
  }
  for (const text of [
    "It",
    "<b>",
    "<missed",
    "It is 3. <",
    "It is 3.\n<p",
    "-",
    "<reached>, as a tag, is a long text",
  ]) {
    expect(shown([text, ""]).join("")).toBe(text);
  }
  expect(shown(["It", "<b>", "<missed", "It is 3.\n<p", "<reached>, as a tag, is a long text"])).toEqual([
    "It",
    "<b>",
    "<missed",
    "It is 3.\n<p",
    "<reached>, as a tag, is a long text",
    "",
  ]);
});

test("nothing that says that something is missing is shown, in whatever pieces it comes", () => {
  const before = fc.stringMatching(/^([\w ,.]*\n)*[ *_`>#]*$/);
  fc.assert(
    fc.property(before, fc.nat("<missing>the height".length - 1), (text, at) => {
      const missing = "<missing>the height";
      const [first = "", ...others] = shown([text + missing.slice(0, at), missing.slice(at), " of it"]);
      expect(text.startsWith(first)).toBe(true);
      expect(others.join("")).toBe("");
    }),
  );
});

test("of an answer all is shown but its mark, in whatever pieces it comes", () => {
  const words = fc.stringMatching(/^[\w ,.\n<>/*]*$/);
  const cuts = fc.array(fc.nat(80), { maxLength: 8 });
  fc.assert(
    fc.property(
      words,
      words,
      fc.constantFrom("yes", "no", " No ", "perhaps"),
      cuts,
      (one, other, word, at) => {
        const answer = `${one}<reached>${word}</reached>${other}`;
        fc.pre(readMissing(answer) === undefined && !/<reached/.test(one + other));
        const places = [0, ...at, answer.length].sort((first, second) => first - second);
        const pieces = places.map((place, index) => answer.slice(places[index - 1] ?? 0, place));
        expect(shown(pieces).join("")).toBe(one + other);
      },
    ),
  );
});

test.each([
  ["It is 3.", { text: "It is 3." }],
  ["It is 3.\n\n<reached>yes</reached>", { text: "It is 3.", reached: true }],
  ["It is 3. <reached>No</reached>\n", { text: "It is 3.", reached: false }],
  ["<reached>no</reached>\nIt is not there.", { text: "It is not there.", reached: false }],
  ["It is 3. <reached>no</reached> <reached>yes</reached>", { text: "It is 3.", reached: true }],
  ["It is 3. <reached>in part</reached>", { text: "It is 3." }],
  ["It is 3. <reached>no", { text: "It is 3.", reached: false }],
  ["The tag <reached> is not told of to anybody.", { text: "The tag <reached> is not told of to anybody." }],
])("%j is read as %j", (text, answer) => {
  expect(readReached(text)).toEqual(answer);
});

test.each([
  ["missing, <div>, <task>", "missing"],
  ["a <missing> b", "missing_2"],
  ["&lt;/ MISSING&gt;", "missing_2"],
  ["<missing_2>", "missing_3"],
  ["<missing_3><missing><missing_2><missing_5>", "missing_4"],
  ["a <reached> b", "missing_2"],
  ["<missing><reached_2>", "missing_3"],
])("for a prompt with %j the mark is %s, and no other is read", (outside, missing) => {
  const marks = chooseMarks(outside);
  expect(marks).toEqual({ missing, reached: missing.replace("missing", "reached") });
  expect(readMissing(toMissing("the height", marks), marks)).toBe("the height");
  expect(readReached(toReached("no", marks), marks)).toEqual({ text: "", reached: false });
  if (missing !== "missing") {
    expect(readMissing(outside, marks)).toBeUndefined();
    expect(readReached(outside, marks)).toEqual({ text: outside });
  }
  expect(shown([`<${marks.reached}`], marks)[0]).toBe("");
});

test("a text that is made to be slow to read is read at once", () => {
  const started = performance.now();
  for (const part of [" ", "\n", "*", "<", "<missing", "\n ", "\n<missing>", "<reached>"]) {
    const text = part.repeat(200_000);
    readMissing(text);
    readReached(text);
    shown([text]);
  }
  expect(performance.now() - started).toBeLessThan(2_000);
});
