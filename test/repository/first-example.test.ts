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
    expect(firstExample(markdown.join("\n"))).toBe("const a = 1;\n\nlog(a);\n");
  });

  it("is not there in a text without one", () => {
    expect(firstExample("```sh\nls\n```\n")).toBeUndefined();
  });
});
