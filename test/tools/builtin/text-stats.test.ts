import { describe, expect, it } from "vitest";
import { countText, createTextStatsTool } from "../../../src/tools/builtin/text-stats.js";
import { atOnce } from "../../support/at-once.js";

describe("text_stats", () => {
  it.each([
    ["", { words: 0, lines: 0, characters: 0, sentences: 0 }],
    ["one", { words: 1, lines: 1, characters: 3, sentences: 1 }],
    ["Hello, world. How are you?", { words: 5, lines: 1, characters: 26, sentences: 2 }],
    ["a b\r\nc\n", { words: 3, lines: 2, characters: 7, sentences: 1 }],
    ["One.\n\nTwo!", { words: 2, lines: 3, characters: 10, sentences: 2 }],
    ["It costs 3.50 at 10:30. \"Really?\" Yes…", { words: 7, lines: 1, characters: 38, sentences: 3 }], // biome-ignore format: short
    ["😀 hi", { words: 2, lines: 1, characters: 4, sentences: 1 }],
    ["... --- !!!", { words: 3, lines: 1, characters: 11, sentences: 0 }],
  ])("counts %j", (text, expected) => {
    expect(atOnce(countText(text))).toEqual(expected);
  });

  it("takes what an earlier step's output was read as", async () => {
    const stats = createTextStatsTool();
    expect(await stats.invoke({ text: 391 })).toMatchObject({ words: 1, characters: 3 });
    expect(await stats.invoke({ text: { a: 1 } })).toMatchObject({ lines: 3 });
  });
});
