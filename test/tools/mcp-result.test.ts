// Results as `@langchain/mcp-adapters` 1.1.4 gives them, whoever loaded the tool.
import { tool } from "@langchain/core/tools";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createToolRegistry, invokeTool, type Media } from "../../src/tools/index.js";

const structured = { type: "mcp_structured_content", data: { degrees: 21 } };
const mcpTool = (result: unknown, metadata: Record<string, unknown> = {}) =>
  tool(() => result, {
    name: "weather",
    description: "",
    schema: z.object({}),
    responseFormat: "content_and_artifact",
    metadata: { annotations: {}, ...metadata },
  });

/** Calls a tool that gives this, and returns what becomes of it. What is kept gets the names m1, m2, … */
async function outcomeOf(content: unknown, artifacts: unknown, metadata: Record<string, unknown> = {}) {
  const kept: Media[] = [];
  const ended = await invokeTool({
    tool: mcpTool([content, artifacts], metadata),
    id: "1",
    args: {},
    repeat: "always",
    maxOutputBytes: 10_000,
    keepMedia: async (media) => `m${kept.push(media)}`,
  });
  return {
    kept,
    output: ended.ok ? ended.output : ended.error,
    artifact: ended.ok ? ended.artifact : undefined,
  };
}

describe("the output of an MCP tool", () => {
  test("is its structured content, whether its server declares that or not", async () => {
    const text = { type: "text", text: "It is 21 degrees.", structuredContent: { degrees: 21 } };
    const outputSchema = {
      type: "object",
      properties: { degrees: { type: "number" } },
      required: ["degrees"],
    };
    for (const metadata of [{}, { outputSchema }]) {
      expect(await outcomeOf(text, [structured], metadata)).toEqual({
        kept: [],
        output: { degrees: 21 },
        artifact: undefined,
      });
    }
    expect(createToolRegistry([mcpTool([], { outputSchema })]).describe()[0]?.output).toBe("{degrees, ...}");
  });

  test("is else its text, read as JSON where it is JSON", async () => {
    expect((await outcomeOf("words", [])).output).toBe("words");
    expect((await outcomeOf('{"a":1}', [])).output).toEqual({ a: 1 });
    const withMeta = { type: "text", text: "[1]", meta: { a: 1 } };
    expect((await outcomeOf(withMeta, [{ type: "mcp_meta", data: { a: 1 } }])).output).toEqual([1]);
    const blocks = [
      { type: "text", text: "one" },
      { type: "text", text: "two" },
    ];
    expect((await outcomeOf(blocks, [])).output).toBe("one\ntwo");
    expect((await outcomeOf([], [])).output).toBe("");
  });

  test.each([
    ["the adapters' own form", { type: "image_url", image_url: { url: "data:image/png;base64,QUJD" } }],
    [
      "LangChain's standard form",
      { type: "image", source_type: "base64", data: "QUJD", mime_type: "image/png" },
    ],
  ])("has a reference in place of a picture in %s", async (_form, picture) => {
    const { output, kept } = await outcomeOf([{ type: "text", text: "look" }, picture], []);
    expect(output).toEqual(["look", { type: "image", mimeType: "image/png", bytes: 3, media: "m1" }]);
    expect(kept).toEqual([{ mimeType: "image/png", data: "QUJD" }]);
  });

  test("has resources, which the adapters take for artifacts by default", async () => {
    const blob = { type: "resource", resource: { uri: "demo://1", mimeType: "audio/wav", blob: "QUJD" } };
    const text = { type: "resource", resource: { uri: "demo://2", mimeType: "text/plain", text: "words" } };
    expect((await outcomeOf([], [blob, text])).output).toEqual([
      { type: "audio", mimeType: "audio/wav", bytes: 3, uri: "demo://1", media: "m1" },
      text,
    ]);
  });

  test("has its pictures beside its structured content", async () => {
    const picture = { type: "image", source_type: "base64", data: "QUJD", mime_type: "image/png" };
    const { output, artifact } = await outcomeOf([picture], [structured]);
    expect(output).toEqual({ degrees: 21 });
    expect(artifact).toEqual([{ type: "image", mimeType: "image/png", bytes: 3, media: "m1" }]);
  });

  test("takes no type of media that is none", async () => {
    const picture = { type: "image", data: "QUJD", mime_type: 'image/png;"><script>', source_type: "base64" };
    expect((await outcomeOf([picture], [])).output).toEqual([
      { type: "file", mimeType: "application/octet-stream", bytes: 3, media: "m1" },
    ]);
  });
});
