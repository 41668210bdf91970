import { expect, test } from "vitest";
import { escapeMarkdown } from "../../src/base/index.js";

test.each([
  ["$5 to $7", "\\$5 to \\$7"],
  ["# of files", "\\# of files"],
  ["- 3 degrees", "\\- 3 degrees"],
  ["1. first", "1\\. first"],
  ["17*23 and 19*29", "17\\*23 and 19\\*29"],
  ["<b>bold</b> & &amp;", "\\<b>bold\\</b> & \\&amp;"],
  ["[a](http://b) `c` ~~d~~ a|b \\", "\\[a\\](http://b) \\`c\\` \\~\\~d\\~\\~ a\\|b \\\\"],
  ["_so_ web_search", "\\_so\\_ web_search"],
  ["one\n# two\n\n- three", "one # two - three"],
])("%j is shown as just that", (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});

test("plain words stay as they are", () => {
  const text = 'Look up the price (in EUR) of "ACME": 5 > 3, a+b=c, 50%!';
  expect(escapeMarkdown(text)).toBe(text);
});
