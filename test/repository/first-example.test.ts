import { describe, expect, it } from "vitest";
import { firstExample } from "./first-example.js";

describe("the first example of a Markdown text", () => {
  it("is its first block of TypeScript or JavaScript, whatever blocks stand before it", () => {
    const markdown = [
      "# A",
      "```sh",
      "npm install",
      "```",
      "```ts twoslash",
      "const a = 1;",
      "",
      "log(a);",
      "```",
      "```js",
      "b",
      "```",
    ];
    expect(firstExample(markdown.join("\n"))).toEqual({
      text: "const a = 1;\n\nlog(a);\n",
      extension: "mts",
    });
  });

  it("keeps JavaScript as it is", () => {
    expect(firstExample("```js\nb\n```\n")).toEqual({ text: "b\n", extension: "mjs" });
  });

  it("is not there in a text without one", () => {
    expect(firstExample("```sh\nls\n```\n")).toBeUndefined();
  });
});
