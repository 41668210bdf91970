import { RunnableLambda } from "@langchain/core/runnables";
import { DynamicStructuredTool, DynamicTool, StructuredTool, tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { createToolRegistry } from "../../src/tools/registry.js";
import { ToolRegistryError } from "../../src/tools/tool-errors.js";

const named = (name: string, metadata?: Record<string, unknown>) =>
  tool(() => "done", { name, description: `Does ${name}.`, schema: z.object({ a: z.string() }), metadata });

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ToolRegistryError) {
      return error.code;
    }
    throw error;
  }
  return "no error";
}

class Legacy extends StructuredTool {
  name = "legacy";
  description = "A tool of a class of its own.";
  schema = z3.object({ query: z3.string().default("x") });
  protected async _call(): Promise<string> {
    return "legacy";
  }
}

describe("createToolRegistry", () => {
  const everyKind = [
    named("plain"),
    new DynamicTool({ name: "dynamic", description: "Takes text.", func: async (input) => input }),
    new DynamicStructuredTool({
      name: "json_schema",
      description: "Has a JSON Schema.",
      schema: { type: "object" as const, properties: { n: { type: "number" as const } }, required: ["n"] },
      func: async () => 1,
    }),
    new Legacy(),
    RunnableLambda.from((input: { x: number }) => input.x).asTool({
      name: "runnable",
      description: "A runnable.",
      schema: z.object({ x: z.number() }),
    }),
  ];

  it("takes every kind of LangChain tool, in the order given", () => {
    const registry = createToolRegistry(everyKind);
    expect(registry.names).toEqual(["plain", "dynamic", "json_schema", "legacy", "runnable"]);
    expect(registry.list()).toEqual(everyKind);
    expect(registry.get("legacy")).toBe(everyKind[3]);
    expect([registry.has("plain"), registry.has("constructor"), registry.get("nobody")]).toEqual([true, false, undefined]); // biome-ignore format: short
  });

  it("describes each with the JSON Schema of its arguments, without what only costs tokens", () => {
    const parameters = createToolRegistry(everyKind)
      .describe()
      .map((described) => described.parameters);
    expect(parameters).toEqual([
      { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
      { type: "object", properties: { input: { type: "string" } } },
      { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
      { type: "object", properties: { query: { type: "string", default: "x" } } },
      { type: "object", properties: { x: { type: "number" } }, required: ["x"] },
    ]);
  });

  it("asks for no field that has a default, and keeps a field that is named like a keyword", () => {
    const schema = z.object({
      $schema: z.string(),
      count: z.int().default(3),
      minimum: z.number().optional(),
      map: z.record(z.string(), z.string()).optional(),
    });
    const [described] = createToolRegistry([tool(() => 1, { name: "t", schema })]).describe();
    expect(described?.parameters).toEqual({
      type: "object",
      properties: {
        $schema: { type: "string" },
        count: { type: "integer", default: 3 },
        minimum: { type: "number" },
        map: { type: "object", additionalProperties: { type: "string" } },
      },
      required: ["$schema"],
    });
  });

  it("gives the same descriptions each time", () => {
    const registry = createToolRegistry(everyKind);
    expect(registry.describe()).toBe(registry.describe());
    expect(registry.planTools()[0]).toMatchObject({ name: "plain", readOnly: false });
  });

  it("takes a tool as read-only where its metadata, MCP's hint or the option says so", () => {
    const registry = createToolRegistry(
      [
        named("ours", { readOnly: true }),
        named("mcp", { annotations: { readOnlyHint: true } }),
        named("both", { readOnly: false, annotations: { readOnlyHint: true } }),
        named("listed"),
        named("writes", { annotations: {} }),
      ],
      { readOnlyTools: ["listed"] },
    );
    expect(registry.names.filter((name) => registry.isReadOnly(name))).toEqual(["ours", "mcp", "listed"]);
    expect(registry.planTools().map((known) => known.readOnly)).toEqual([true, true, false, true, false]);
    expect(registry.isReadOnly("nobody")).toBe(false);
  });

  it("refuses what cannot be used, and names it", () => {
    const noSchema = { name: "bare", description: "", invoke: async () => 1 };
    const badDate = tool(() => 1, { name: "dated", schema: z.object({ at: z.date() }) });
    // What a caller without types can pass.
    const create = (...tools: unknown[]) => codeOf(() => createToolRegistry(tools as never));
    expect(create(named("a"), named("a"))).toBe("DUPLICATE_TOOL");
    expect(create(undefined)).toBe("NOT_A_TOOL");
    expect(create(null)).toBe("NOT_A_TOOL");
    expect(create("calculator")).toBe("NOT_A_TOOL");
    expect(create({ type: "function", function: { name: "x" } })).toBe("NOT_A_TOOL");
    expect(create(named(""))).toBe("MISSING_NAME");
    expect(create({ invoke: () => 1 })).toBe("MISSING_NAME");
    expect(create(named("two words"))).toBe("INVALID_NAME");
    expect(create(named("x".repeat(65)))).toBe("INVALID_NAME");
    expect(create(named("__proto__"))).toBe("INVALID_NAME");
    expect(create(noSchema)).toBe("MISSING_SCHEMA");
    expect(create(badDate)).toBe("SCHEMA_NOT_JSON");
    for (const name of ["plan", "respond", "blocked"]) {
      expect(create(named(name))).toBe("RESERVED_NAME");
    }
    expect(codeOf(() => createToolRegistry([named("a")], { readOnlyTools: ["b"] }))).toBe(
      "UNKNOWN_READ_ONLY_TOOL",
    );
    expect(() => createToolRegistry([named("a"), named("a")])).toThrow(/Two tools are named "a"/);
  });
});
