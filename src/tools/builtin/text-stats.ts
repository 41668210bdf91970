import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { Pace, ROUNDS_A_PAUSE, type Sliced } from "./in-slices.js";

/**
 * Text, or what an earlier step's output was parsed to. If a plan passes `{{step}}` and the step returned
 * "391" or a JSON document, the argument is a number or an object.
 */
export const textSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]);

/** JSON longer than this is not indented, because deeply nested JSON grows a hundredfold when it is. */
const MAX_INDENTED = 100_000;

/** Turns such an argument into text: text stays as it is, anything else becomes JSON. */
export function textOf(value: z.infer<typeof textSchema>): string {
  if (typeof value === "string") {
    return value;
  }
  if (typeof value !== "object") {
    return String(value);
  }
  const text = JSON.stringify(value);
  return text.length > MAX_INDENTED ? text : JSON.stringify(value, null, 2);
}

interface TextStats {
  /** Runs of characters other than spaces. */
  readonly words: number;
  /** Lines; a line break at the very end starts no further line. */
  readonly lines: number;
  /** Unicode characters, including spaces and line breaks. */
  readonly characters: number;
  /** Runs of text that end in `.`, `!`, `?` or `…` before a space or at the end of the text. */
  readonly sentences: number;
}

/** Counts words, lines, characters and sentences. */
export function* countText(text: string): Sliced<TextStats> {
  const lineEnds = yield* count(text, /\r\n|\n|\r/g);
  const surrogatePairs = yield* count(text, /[\u{10000}-\u{10FFFF}]/gu);
  return {
    words: yield* count(text, /\S+/g),
    lines: lineEnds + (text === "" || /[\r\n]$/.test(text) ? 0 : 1),
    characters: text.length - surrogatePairs,
    sentences: yield* countSentences(text),
  };
}

function* count(text: string, pattern: RegExp): Sliced<number> {
  let total = 0;
  for (const _match of text.matchAll(pattern)) {
    total += 1;
    if (total % ROUNDS_A_PAUSE === 0) {
      yield;
    }
  }
  return total;
}

function* countSentences(text: string): Sliced<number> {
  let words = 0;
  let sentences = 0;
  let hasWord = false;
  for (const [word] of text.matchAll(/\S+/g)) {
    words += 1;
    if (words % ROUNDS_A_PAUSE === 0) {
      yield;
    }
    hasWord ||= /[\p{L}\p{N}]/u.test(word);
    if (!hasWord || !/[.!?…。！？]["'”’»)\]]*$/u.test(word)) {
      continue;
    }
    sentences += 1;
    hasWord = false;
  }
  return hasWord ? sentences + 1 : sentences;
}

/** Creates the tool that counts: `{ text }` → `{ words, lines, characters, sentences }`. */
export function createTextStatsTool() {
  return tool(({ text }, { signal }) => new Pace(signal).carryOut(countText(textOf(text))), {
    name: "text_stats",
    description: "Counts the words, lines, characters and sentences of a text.",
    schema: z.object({ text: textSchema.describe("The text to count.") }),
    metadata: { readOnly: true, outputExample: { words: 0, lines: 0, characters: 0, sentences: 0 } },
  });
}
