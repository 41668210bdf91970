import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type OutputShape, shapeOfValue } from "../../src/plan/index.js";
import { createBuiltinTools, createToolRegistry, invokeTool } from "../../src/tools/index.js";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "outputs-"));
  await writeFile(join(root, "a.csv"), "name,price\nx,1\ny,2\n");
  await writeFile(join(root, "a.json"), '[{"name":"x","price":1}]');
});
afterAll(() => rm(root, { recursive: true }));

/** Whether a value is as declared: no field too many, none missing. */
function fits(value: OutputShape, declared: OutputShape): boolean {
  if (declared.kind === "any" || value.kind === "any") {
    return true;
  }
  if (declared.kind === "object" && value.kind === "object") {
    const isMissing = ([name, { isOptional }]: readonly [string, { isOptional: boolean }]) =>
      !isOptional && !value.fields.has(name);
    const isWrong = ([name, { shape }]: readonly [string, { shape: OutputShape }]) => {
      const field = declared.fields.get(name);
      return field === undefined ? !declared.isOpen : !fits(shape, field.shape);
    };
    return ![...declared.fields].some(isMissing) && ![...value.fields].some(isWrong);
  }
  if (declared.kind === "list" && value.kind === "list") {
    return fits(value.item, declared.item);
  }
  return declared.kind === value.kind;
}

test.each([
  ["calculator", { expression: "1+1" }],
  ["calculator", { expression: "2^200" }],
  ["current_time", {}],
  ["date_math", { operation: "weekday", date: "today" }],
  ["date_math", { operation: "difference", date: "2026-01-01", other: "2026-02-01" }],
  ["read_file", { path: "a.csv" }],
  ["write_file", { path: "b.txt", content: "x" }],
  ["list_files", {}],
  ["text_stats", { text: "One. Two." }],
  ["csv_query", { path: "a.csv" }],
  ["csv_query", { path: "a.csv", aggregates: [{ op: "sum", column: "price" }] }],
  ["json_query", { path: "a.json" }],
  ["json_query", { path: "a.json", limit: 1 }],
])("%s gives what it declares, called with %j", async (name, args) => {
  const registry = createToolRegistry(createBuiltinTools({ root }));
  const declared = registry.planTools().find((one) => one.name === name)?.output;
  const known = registry.get(name);
  if (declared === undefined || known === undefined) {
    throw new TypeError(`${name} declares nothing`);
  }
  const ended = await invokeTool({ tool: known, id: "1", args, readOnly: true, maxOutputBytes: 10_000 });
  expect(ended.ok && fits(shapeOfValue(ended.output), declared)).toBe(true);
});

// As `@langchain/mcp-adapters` 1.1.4 makes a tool, and gives a result whose server sent structured content.
const result = [
  { type: "text", text: "It is 21 degrees.", structuredContent: { degrees: 21 } },
  [{ type: "mcp_structured_content", data: { degrees: 21 } }],
];
const mcpTool = (metadata: Record<string, unknown>) =>
  tool(() => result, {
    name: "weather",
    description: "",
    schema: z.object({}),
    responseFormat: "content_and_artifact",
    metadata,
  });
const outputOf = async (metadata: Record<string, unknown>) => {
  const ended = await invokeTool({
    tool: mcpTool(metadata),
    id: "1",
    args: {},
    readOnly: true,
    maxOutputBytes: 10_000,
  });
  return ended.ok ? ended.output : ended.error;
};

test("the output of an MCP tool whose server declares it is the structured content", async () => {
  const outputSchema = { type: "object", properties: { degrees: { type: "number" } }, required: ["degrees"] };
  expect(createToolRegistry([mcpTool({ outputSchema })]).describe()[0]?.output).toBe("{degrees, ...}");
  expect(await outputOf({ outputSchema })).toEqual({ degrees: 21 });
});

test("without a declaration an MCP tool gives what it gave before", async () => {
  expect(createToolRegistry([mcpTool({ annotations: {} })]).describe()[0]).not.toHaveProperty("output");
  expect(await outputOf({ annotations: {} })).toMatchObject({ text: "It is 21 degrees." });
});

test("a declaration that cannot be read declares nothing", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const declared = (metadata: Record<string, unknown>) =>
    createToolRegistry([mcpTool(metadata)]).describe()[0]?.output;
  expect(
    [{ outputSchema: "text" }, { outputSchema: {} }, { outputExample: cyclic }, { output: "list" }].map(
      declared,
    ),
  ).toEqual(new Array(4).fill(undefined));
});
