// Previews: the calls that show what a goal's words stand for, before anything is planned.
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createBuiltinTools, createToolRegistry } from "../../src/tools/index.js";

const orders = (metadata: Record<string, unknown>) =>
  tool(() => ({}), {
    name: "get_order",
    description: "Gives an order",
    schema: z.object({ id: z.string(), full: z.boolean().optional() }),
    metadata,
  });
const preview = { argument: "id", pattern: "^ord-\\d+$", args: { full: false } };
const previews = (goal: string, ...tools: Parameters<typeof createToolRegistry>[0]) =>
  createToolRegistry(tools).previewsIn(goal);

describe("previews", () => {
  it("find the names of a goal without what stands around them, each once", () => {
    const found = previews(
      'Compare "ORD-7" with (ord-12), then ord-12. Not order-3.',
      orders({ readOnly: true, preview }),
    );
    expect(found).toEqual([
      { name: "ORD-7", tool: "get_order", args: { id: "ORD-7", full: false } },
      { name: "ord-12", tool: "get_order", args: { id: "ord-12", full: false } },
    ]);
  });

  it("come with the built-in tables", () => {
    const registry = createToolRegistry(createBuiltinTools({ root: "." }));
    expect(
      registry.previewsIn("Is a.csv older than data/b.json?").map(({ name, tool: by }) => [name, by]),
    ).toEqual([
      ["a.csv", "csv_query"],
      ["data/b.json", "json_query"],
    ]);
    expect([registry.hasPreview("csv_query"), registry.hasPreview("calculator")]).toEqual([true, false]);
  });

  it.each([
    ["a tool that may do more than read", { preview }, /may do more than read/],
    ["no object", { readOnly: true, preview: "id" }, /is not \{ argument/],
    ["no pattern", { readOnly: true, preview: { ...preview, pattern: "(" } }, /no regular expression/],
  ])("of %s are refused when the registry is built", (_, metadata, message) => {
    expect(() => createToolRegistry([orders(metadata)])).toThrow(message);
  });
});
