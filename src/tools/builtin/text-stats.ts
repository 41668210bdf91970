import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { textOf, textSchema } from "./text-argument.js";

/** What a text consists of. */
export interface TextStats {
  /** Runs of characters that are no spaces. */
  readonly words: number;
  /** Lines; an end of line at the very end begins no further one. */
  readonly lines: number;
  /** Characters as Unicode counts them, spaces and ends of lines included. */
  readonly characters: number;
  /** Runs of text that end in `.`, `!`, `?` or `…` before a space, or at the end. */
  readonly sentences: number;
}

/** Counts words, lines, characters and sentences. */
export function countText(text: string): TextStats {
  const count = (pattern: RegExp) => {
    let total = 0;
    for (const _match of text.matchAll(pattern)) total += 1;
    return total;
  };
  const lineEnds = count(/\r\n|\n|\r/g);
  const surrogatePairs = count(/[\u{10000}-\u{10FFFF}]/gu);
  return {
    words: count(/\S+/g),
    lines: lineEnds + (text === "" || /[\r\n]$/.test(text) ? 0 : 1),
    characters: text.length - surrogatePairs,
    sentences: countSentences(text),
  };
}

function countSentences(text: string): number {
  let sentences = 0;
  let hasWord = false;
  for (const [word] of text.matchAll(/\S+/g)) {
    hasWord ||= /[\p{L}\p{N}]/u.test(word);
    if (!hasWord || !/[.!?…。！？]["'”’»)\]]*$/u.test(word)) continue;
    sentences += 1;
    hasWord = false;
  }
  return hasWord ? sentences + 1 : sentences;
}

/** A tool that counts: `{ text }` → `{ words, lines, characters, sentences }`. */
export function createTextStatsTool() {
  return tool(({ text }) => countText(textOf(text)), {
    name: "text_stats",
    description: "Counts the words, lines, characters and sentences of a text.",
    schema: z.object({ text: textSchema.describe("The text to count.") }),
    metadata: { readOnly: true },
  });
}
