import { describe, expect, it } from "vitest";
import { createBuiltinTools } from "../../../src/tools/builtin/builtin-tools.js";
import { invokeTool } from "../../../src/tools/invoke-tool.js";
import { createToolRegistry } from "../../../src/tools/registry.js";

describe("the built-in tools", () => {
  it("are these, and all but write_file only read", () => {
    const registry = createToolRegistry(createBuiltinTools({ root: "." }));
    expect(registry.names).toEqual([
      "calculator",
      "current_time",
      "date_math",
      "read_file",
      "write_file",
      "list_files",
      "text_stats",
      "csv_query",
      "json_query",
    ]);
    expect(registry.names.filter((name) => !registry.isReadOnly(name))).toEqual(["write_file"]);
  });

  it("fetch over HTTP only where it is allowed", () => {
    const tools = createBuiltinTools({ root: ".", http: { allow: ["example.com"] } });
    expect(tools.map((tool) => tool.name)).toContain("http_get");
  });

  it("take the time from the clock that they are given, and else the computer's", async () => {
    const timeOf = async (tools: ReturnType<typeof createBuiltinTools>) => {
      const tool = createToolRegistry(tools).get("current_time");
      if (tool === undefined) {
        throw new Error("no such tool");
      }
      const outcome = await invokeTool({ tool, id: "1", args: {}, repeat: "always", maxOutputBytes: 1_000 });
      return outcome.ok ? outcome.output : outcome.error.message;
    };
    const clock = { now: () => new Date("2024-02-28T23:30:15Z"), timezone: "UTC" };
    expect(await timeOf(createBuiltinTools({ root: ".", ...clock }))).toMatchObject({ date: "2024-02-28" });
    expect(await timeOf(createBuiltinTools({ root: "." }))).toMatchObject({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
  });

  it("tell the arguments that each needs", () => {
    const described = createToolRegistry(
      createBuiltinTools({ root: ".", http: { allow: ["*"] } }),
    ).describe();
    const required = described.map(({ name, parameters }) => [name, parameters.required ?? []]);
    expect(Object.fromEntries(required)).toEqual({
      calculator: ["expression"],
      current_time: [],
      date_math: ["operation", "date"],
      read_file: ["path"],
      write_file: ["path", "content"],
      list_files: [],
      text_stats: ["text"],
      csv_query: ["path"],
      json_query: ["path"],
      http_get: ["url"],
    });
    for (const { description, parameters } of described) {
      expect(description.length).toBeGreaterThan(20);
      expect(JSON.stringify(parameters)).not.toContain("$schema");
    }
  });
});
