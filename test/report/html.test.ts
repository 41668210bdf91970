import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toVisible } from "../../src/base/index.js";
import { escapeText, html, toMarkup } from "../../src/report/html.js";
import { anyText } from "../support/any-text.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#96;": "`", "&amp;": "&" };

/** What a browser makes of escaped text. */
function readBack(text: string): string {
  return Object.entries(ENTITIES).reduce((read, [entity, sign]) => read.replaceAll(entity, sign), text);
}

/** Texts with many of the signs that mean something to HTML, and characters that nobody sees. */
const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "<",
      ">",
      "&",
      '"',
      "'",
      "`",
      "</script>",
      "<!--",
      "]]>",
      "\u0000",
      "\u202e",
      "\u2066",
      "\u200b",
      "\r\n",
    ),
    anyText({ minLength: 1, maxLength: 3 }),
  ),
  maxLength: 40,
});

describe("a text on a page", () => {
  it("holds no sign of HTML, and is read back as it was, with hidden characters written out", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/[<>"'`]|&(?!(?:lt|gt|quot|amp|#39|#96);)/);
        expect(readBack(escaped)).toBe(toVisible(text.replaceAll("\r\n", "\n")));
      }),
    );
  });

  it("cannot leave its element or its attribute, however often it is nested", () => {
    fc.assert(
      fc.property(texts, texts, (title, content) => {
        const inner = html`<b title="${title}">${content}</b>`;
        const page = toMarkup(html`<p>${[inner, inner]}</p>`);
        expect(page.match(/[<>]/g)?.join("")).toBe("<><><><><><>");
        expect(page.match(/"/g)).toHaveLength(4);
      }),
    );
  });

  it("shows no bidi control, no control character and no lone surrogate", () => {
    expect(escapeText("a\u202egnp.exe \u0007 \ud800 \u2028")).toBe("a\\u202egnp.exe \\u0007 \\ud800 \\u2028");
  });
});

it("what is undefined or false leaves nothing, and 0 leaves 0", () => {
  expect(toMarkup(html`[${undefined}${false}${0}${""}]`)).toBe("[0]");
});
