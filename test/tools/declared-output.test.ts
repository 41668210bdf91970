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
  const ended = await invokeTool({ tool: known, id: "1", args, repeat: "always", maxOutputBytes: 10_000 });
  expect(ended.ok && fits(shapeOfValue(ended.output), declared)).toBe(true);
});

test("a declaration that cannot be read declares nothing", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const declared = (metadata: Record<string, unknown>) =>
    createToolRegistry([tool(() => "", { name: "t", schema: z.object({}), metadata })]).describe()[0]?.output;
  expect(
    [{ outputSchema: "text" }, { outputSchema: {} }, { outputExample: cyclic }, { output: "list" }].map(
      declared,
    ),
  ).toEqual(new Array(4).fill(undefined));
});
