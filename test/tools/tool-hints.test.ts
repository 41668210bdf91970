import { tool } from "@langchain/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";
import { hintsOf } from "../../src/tools/tool-hints.js";

const made = (metadata: Record<string, unknown>, responseFormat = "content") =>
  tool(() => "", { name: "t", schema: z.object({}), metadata, responseFormat });
const ofServer = (annotations: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  hintsOf(made({ annotations, ...more }, "content_and_artifact"));

test("a tool that says nothing may destroy something, and is called again under its key", () => {
  expect(hintsOf(made({}))).toEqual({ readOnly: false, destructive: true, repeat: "with-key" });
});

test("a tool of a server that says nothing may destroy something, and is not called again", () => {
  expect(ofServer({})).toEqual({ readOnly: false, destructive: true, repeat: "never" });
});

test("a tool that only reads destroys nothing, and may always be called again", () => {
  const reads = { readOnly: true, destructive: false, repeat: "always" };
  expect(hintsOf(made({ readOnly: true }))).toEqual(reads);
  expect(hintsOf(made({}), true)).toEqual(reads);
  expect(ofServer({ readOnlyHint: true, destructiveHint: true })).toEqual(reads);
});

test("what the host says goes before what the server says", () => {
  expect(ofServer({ readOnlyHint: true }, { readOnly: false })).toMatchObject({
    readOnly: false,
    destructive: true,
  });
  expect(ofServer({ destructiveHint: false }, { destructive: true })).toMatchObject({ destructive: true });
  expect(ofServer({ idempotentHint: true })).toMatchObject({ repeat: "always" });
  expect(ofServer({ idempotentHint: true }, { idempotent: false })).toMatchObject({ repeat: "never" });
});
